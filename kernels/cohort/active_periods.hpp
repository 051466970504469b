#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/cohort/active_marks.hpp"
#include "kernels/segment/event_selection.hpp"
#include "kernels/segment/run_range.hpp"
#include "kernels/segment/time_buckets.hpp"
#include "storage/part.hpp"

namespace grapevine {

/// The runs and marks that may have rows in some period, in the order in which ActivePeriods reads
/// them, with the slots that their times lie in. Slot 0 is all time before the periods, slot i + 1
/// is period i, and the slot behind the last period is all time after them. Refers to the sources.
class SourcesByPeriod {
 public:
  struct Placed {
    const LiveRun* live;       ///< A run; or nullptr,
    const ActiveMarks* marks;  ///< and these.
    std::size_t begin;         ///< The slot of the first time.
    std::size_t last;          ///< That of the last one.
  };
  SourcesByPeriod(const ActiveSources& sources, const TimeBuckets& periods);

  /// Of one slot or of two neighbours; by ascending `begin`.
  [[nodiscard]] std::span<const Placed> narrow() const { return narrow_; }
  /// Of more.
  [[nodiscard]] std::span<const Placed> wide() const { return wide_; }

 private:
  std::vector<Placed> narrow_;
  std::vector<Placed> wide_;
};

/// Who of some customers was active in which period, a bit each. Rows are noted as bytes first, for
/// at most two periods at a time: a store does not wait for what was there before, as setting a bit
/// would. Not thread-safe; memory is kept from one call to the next.
class ActivePeriods {
 public:
  explicit ActivePeriods(const TimeBuckets& periods);

  /// Reads the rows of block `block` of customers.
  void read(const SourcesByPeriod& sources, const RowFilter& filter, std::size_t block);

  /// Adds to `people`, by c × periods + k, how many were active first in period c and again k
  /// periods later. Cost: a word of 64 customers for each such pair.
  void add_to(std::span<std::uint64_t> people);

 private:
  static constexpr std::size_t kWords = kCustomersPerBlock / 64;

  [[nodiscard]] std::span<std::uint64_t> bits_of(std::size_t slot) {
    return std::span(bits_).subspan(slot * kWords, kWords);
  }
  [[nodiscard]] std::span<std::uint8_t> bytes_of(std::size_t slot) {
    return std::span(bytes_).subspan(slot % 2 * kCustomersPerBlock, kCustomersPerBlock);
  }
  void note_narrow(const SourcesByPeriod::Placed& run, RowRange rows,
                   std::span<const std::uint8_t> mask);
  void note_wide(const Run& run, RowRange rows, std::span<const std::uint8_t> mask);
  void note_narrow(const SourcesByPeriod::Placed& marks, std::size_t block);
  void note_wide(const ActiveMarks& marks, std::size_t block);
  void pack(std::size_t slot);

  TimeBuckets periods_;
  BucketFinder finder_;
  std::vector<std::uint8_t> bytes_;   // By the parity of the slot and customer; of no slot.
  std::vector<std::uint64_t> bits_;   // By slot and customer.
  std::vector<std::uint64_t> seen_;   // By customer: in a period that was counted.
  std::vector<std::uint64_t> fresh_;  // By customer: for the first time in the period.
  std::vector<std::uint8_t> mask_;
};

}  // namespace grapevine
