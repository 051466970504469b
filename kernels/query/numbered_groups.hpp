#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/query/group_by.hpp"
#include "kernels/query/memory.hpp"

namespace grapevine::sql {

/// Aggregates the rows of one lane, whose groups have numbers already: nothing is looked up or hashed.
/// Not thread-safe.
class NumberedGroups {
 public:
  /// Groups have numbers below `groups`: all of them have room from the beginning.
  /// Errors  MemoryLimitExceeded (241), and nothing was allocated.
  static absl::StatusOr<NumberedGroups> of(std::size_t groups, std::span<const AggregateCall> calls,
                                           MemoryBudget& budget);

  /// Shapes  `groups`: a row's group; `arguments`: those of each call, one call after the other.
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments);

 private:
  friend struct FinishedGroups;
  NumberedGroups(std::span<const AggregateCall> calls, MemoryBudget& budget)
      : calls_(calls.begin(), calls.end()), lease_(budget) {}
  void make_states();
  void resize(std::size_t groups);
  [[nodiscard]] std::size_t bytes() const;
  void count(std::span<const std::uint32_t> groups);
  [[nodiscard]] std::uint64_t rows_of(std::size_t group) const {
    return rows_[2 * group] + rows_[2 * group + 1];
  }

  std::vector<AggregateCall> calls_;
  // Rows of each group, of every other row of the lane: so that neighbours of one group do not wait for
  // each other.
  std::vector<std::uint64_t> rows_;
  std::vector<std::unique_ptr<AggregateStates>> states_;  // nullptr: count(), which rows_ tells.
  MemoryLease lease_;
};

/// The groups that have rows.
struct FinishedGroups {
  std::vector<std::uint32_t> groups;  ///< Their numbers, ascending.
  std::vector<ColumnPtr> columns;     ///< A column a call, a row a group.

  /// Merges lanes in their order: the same on any number of threads.
  /// Shapes  All are of the same groups and calls; at least one.
  /// Errors  Cancelled: `stop` fired. What aggregates refuse to answer.
  static absl::StatusOr<FinishedGroups> of(std::vector<NumberedGroups> lanes, const Stop& stop);
};

}  // namespace grapevine::sql
