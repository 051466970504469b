#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/query/aggregate.hpp"
#include "kernels/query/code_groups.hpp"
#include "kernels/query/column.hpp"
#include "kernels/query/group_table.hpp"
#include "kernels/query/memory.hpp"

namespace grapevine::sql {

/// One aggregate of a GROUP BY.
struct AggregateCall {
  AggregatePtr aggregate;
  std::size_t argument_count = 0;
};

/// Groups and aggregates the rows of one lane: a fixed stretch of the input, read in order by one
/// thread. Not thread-safe.
class GroupLane {
 public:
  /// Without keys there is one group, also of no rows.
  GroupLane(std::vector<DataType> keys, std::span<const AggregateCall> calls, MemoryBudget& budget);
  /// One key, of codes of one pool in a range that is known; it is the only lane.
  GroupLane(CodeRange codes, std::span<const AggregateCall> calls, MemoryBudget& budget);

  /// To the aggregates of the calls with these numbers; see AggregateStates::expect_codes.
  void expect_codes(std::span<const std::size_t> calls, CodeRange range) {
    for (const std::size_t call : calls) (void)states_[call]->expect_codes(range);
  }
  /// Shapes  `arguments`: those of each call, one call after the other.
  absl::Status add(std::span<const ColumnPtr> keys, std::span<const ColumnPtr> arguments,
                   std::size_t rows);

 private:
  friend class LaneMerge;
  friend class SummableGroups;
  [[nodiscard]] std::size_t groups() const {
    if (!has_keys_) return 1;
    return codes_ ? codes_->size() : table_.size();
  }
  [[nodiscard]] std::vector<ColumnPtr> keys() const;
  [[nodiscard]] std::size_t bytes() const;

  std::vector<AggregateCall> calls_;
  bool has_keys_;
  std::vector<DataType> key_types_;
  GroupTable table_;
  std::optional<CodeGroups> codes_;  // Instead of the table.
  std::vector<std::unique_ptr<AggregateStates>> states_;
  std::vector<std::uint32_t> groups_;
  MemoryLease lease_;
};

/// Merges the lanes in their order, in parallel by partitions of the keys' hashes where groups are
/// many. The answer has the keys, then a column a call, in blocks of at most kBlockRows rows; the order of
/// rows depends on the input and the lanes alone: the same on any number of threads.
/// Errors  Cancelled: `stop` fired. MemoryLimitExceeded, and what aggregates refuse to answer.
absl::StatusOr<std::vector<Block>> finish_groups(std::vector<GroupLane> lanes, const Stop& stop,
                                                 MemoryBudget& budget);

/// The groups of lanes, of which some can be added up. Not thread-safe.
class SummableGroups {
 public:
  /// As finish_groups.
  static absl::StatusOr<SummableGroups> of(std::vector<GroupLane> lanes, const Stop& stop,
                                           MemoryBudget& budget);

  /// The groups, as finish_groups has them.
  std::vector<Block> blocks;

  /// What the aggregates of all rows of some groups are: a column of one row a call.
  /// Precondition: no call was told what codes to expect.
  /// Shapes  `chosen`: 1 or 0 a group, in the order of `blocks`.
  /// Errors  Cancelled: `stop` fired. What aggregates refuse to answer.
  [[nodiscard]] absl::StatusOr<std::vector<ColumnPtr>> sum(std::span<const std::uint8_t> chosen,
                                                           const Stop& stop) const;

 private:
  std::vector<AggregateCall> calls_;
  std::vector<GroupLane> parts_;  // Sealed; their groups are those of `blocks`, part by part.
};

}  // namespace grapevine::sql
