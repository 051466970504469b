#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "storage/customer_column.hpp"
#include "storage/ids.hpp"
#include "storage/packed_uints.hpp"

namespace grapevine {

struct Part;

/// Who was active when in one part: each customer and quarter hour with living rows once, with the
/// events that they were, by ascending customer and time. It is the second, customer-major order of
/// a part, of the little that questions about different people by time want. Immutable.
///
/// Memory  5 or 6 bytes a pair of customer and quarter hour, 7 where there are more than 65,536
///         different sets of events; and 8 bytes a set.
class PartActivity {
 public:
  static constexpr TimeMs kQuarterHourMs = 15 * 60'000;

  /// nullopt: the part's times are 65,536 quarter hours (22 months) apart or more.
  /// Cost: some 20 ns a row; 16 bytes of scratch memory a row of a block of customers, and 8 a pair.
  static std::optional<PartActivity> of(const Part& part);

  /// The begin of quarter hour 0. Quarter hours begin with those of UTC.
  [[nodiscard]] TimeMs from() const { return from_; }
  [[nodiscard]] std::size_t size() const { return marks_.size(); }

  /// The marks [begin, end).
  struct Stretch {
    std::size_t begin;
    std::size_t end;
  };
  /// The marks of block `block` of customers (see CustomerColumn).
  [[nodiscard]] Stretch of_block(std::size_t block) const;

  /// The lower half of the customer in the upper 16 bits, the number of the quarter hour in the
  /// lower 16. Ascends within a block.
  [[nodiscard]] std::span<const std::uint32_t> marks() const { return marks_; }

  /// By mark: the set of events that the customer had then, a number below event_sets().size().
  [[nodiscard]] const PackedUints& sets() const { return sets_; }
  /// A set is an earlier set and one event more; set 0 is empty.
  struct EventSet {
    std::uint32_t others;  ///< The earlier set.
    EventNameId event;
  };
  [[nodiscard]] std::span<const EventSet> event_sets() const { return event_sets_; }

  [[nodiscard]] std::size_t bytes() const;

 private:
  TimeMs from_ = 0;
  std::vector<CustomerColumn::Block> blocks_;  // `begin` counts marks.
  std::vector<std::uint32_t> marks_;
  PackedUints sets_;
  std::vector<EventSet> event_sets_;
};

/// A part's PartActivity, made when someone asks first. A copy has none: it is of another part.
/// Thread-safe.
class KeptActivity {
 public:
  KeptActivity() = default;
  KeptActivity(const KeptActivity& /*other*/) {}
  KeptActivity& operator=(const KeptActivity&) = delete;
  ~KeptActivity() = default;

  /// nullptr: there is none of this part. Always of the same part. Waits while another thread
  /// makes it.
  const PartActivity* of(const Part& part) const;
  /// 0 until it is made.
  [[nodiscard]] std::size_t bytes() const;

 private:
  mutable std::once_flag once_;
  mutable std::optional<PartActivity> made_;
  mutable std::atomic<bool> is_ready_ = false;
};

}  // namespace grapevine
