#pragma once

#include <cstdint>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/segment/event_selection.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Where the goals came from, by the touch before each.
struct LastTouches {
  std::vector<std::uint64_t> goals_by_code;  ///< By code of the column's dictionary.
  std::uint64_t goals_without_value = 0;     ///< The touch has none in the column.
  std::uint64_t goals_without_touch = 0;     ///< No touch came in time.
};

/// Counts goals (say, orders) by the value that the customer's last touch before them has in column
/// `by` (say, the channel). Before is the store's order: earlier in time or, at the same time, in
/// arrival. A touch more than `within_ms` before its goal is none.
///
/// Shapes  A goal counts in exactly one place. A touch may be the last one of several goals. An
///         event that is selected as both is a touch of the goals after it alone.
/// Errors  As check_codes for `by`. Cancelled.
/// Cost    Reads the goals and, once, the customers of the touches in parts from which a goal is
///         in time. Of times of touches, those of customers with a goal in the part's time and the
///         last one in each run of those with a later goal in time: parts that overlap make the
///         former more. 100 bytes a goal of a task.
absl::StatusOr<LastTouches> count_last_touches(const Snapshot& snapshot,
                                               const EventSelection& goals,
                                               const EventSelection& touches, ColumnId by,
                                               TimeMs within_ms, const Stop& stop);

}  // namespace grapevine
