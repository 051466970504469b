#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "kernels/segment/run_range.hpp"
#include "storage/part.hpp"

namespace grapevine {

/// When each of a block of customers did one step of a sequence. Rows are gathered run by run and
/// dealt out to their customers; where runs follow one another in time, nothing is sorted. Not
/// thread-safe; memory is kept from one call to the next.
class StepTimes {
 public:
  /// Begins anew.
  void reset();

  /// Keeps the rows that `mask` (a byte a row; empty: all) means, of those of customers from
  /// `first` on who are `wanted` (1 or 0), and sets `has` of each customer of a row that is meant,
  /// wanted or not.
  void add(const Run& run, RowRange rows, std::span<const std::uint8_t> mask, std::size_t first,
           std::span<const std::uint8_t> wanted, std::span<std::uint8_t> has);

  /// Deals the rows out to `customers`.
  void deal(std::size_t customers);

  /// A customer's times, ascending. Precondition: deal() was called.
  [[nodiscard]] std::span<const TimeMs> of(std::size_t customer) const {
    return std::span(times_).subspan(begins_[customer], begins_[customer + 1] - begins_[customer]);
  }

 private:
  struct Row {
    TimeMs time;
    std::uint32_t customer;  // Of the block.
  };
  struct Stretch {
    TimeMs first;  // Of its run.
    TimeMs last;
    std::size_t begin;
    std::size_t end;
  };

  std::vector<Row> rows_;  // The first size_ of them; the others are room.
  std::size_t size_ = 0;
  std::vector<Stretch> stretches_;
  std::vector<std::uint32_t> begins_;  // By customer, and the end.
  std::vector<std::uint32_t> ends_;
  std::vector<TimeMs> times_;
};

/// How far a customer comes in steps none of which is negated: as SequenceMatcher, without bringing
/// the events of all steps into one order. Not thread-safe.
class StepChain {
 public:
  explicit StepChain(std::optional<TimeMs> window_ms) : window_ms_(window_ms) {}

  /// Precondition: steps is not empty. Cost: a pass over the times.
  std::uint8_t level(std::span<const StepTimes> steps, std::size_t customer);

 private:
  struct Reached {
    TimeMs time;
    TimeMs first;  // The latest first event from which a sequence comes here.
  };
  std::optional<TimeMs> window_ms_;
  std::vector<Reached> reached_;  // At the step before, by time.
  std::vector<Reached> next_;
};

}  // namespace grapevine
