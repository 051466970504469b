#pragma once

#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/query/aggregate.hpp"
#include "kernels/query/windows/frames.hpp"

namespace grapevine::sql {

/// What an aggregate answers for the rows of each position's partition, by position.
/// Shapes  arguments by position.
absl::StatusOr<ColumnPtr> aggregate_partitions(const Aggregate& aggregate,
                                               std::span<const ColumnPtr> arguments,
                                               const WindowRows& window);

/// What an aggregate answers for the rows of each frame, by position.
/// How     Counts and sums of integers: what all rows up to a frame's end have, without those before
///         its begin. Else a tree of states: a node has the rows of its two children. A frame is at
///         most two nodes of each level, whose states are merged from left to right.
/// Cost    O(n) or O(n log n) merges, for any frames.
/// Errors  MemoryLimitExceeded (241): states of 1 GiB. Cancelled: `stop` fired.
/// Source  Leis et al., "Efficient Processing of Window Functions in Analytical SQL Queries", VLDB 2015.
absl::StatusOr<ColumnPtr> aggregate_frames(const Aggregate& aggregate,
                                           std::span<const ColumnPtr> arguments,
                                           const Frames& frames, const Stop& stop);

}  // namespace grapevine::sql
