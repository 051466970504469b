#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "kernels/segment/event_rows.hpp"
#include "kernels/segment/event_selection.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Steps one after the other (see SequenceMatcher).
struct Sequence {
  struct Step {
    EventSelection rows;  ///< Of the first step those with which a sequence may begin.
    bool negated = false;
  };
  std::vector<Step> steps;  ///< From 1 to SequenceMatcher::kStepsMax; the first not negated.
  std::optional<TimeMs> window_ms;  ///< From the first match to the last; set with a negated end.
  TimeMs as_of = 0;
};

/// The customers who completed the sequence: ClickHouse's windowFunnel with strict_increase where
/// nothing is negated, except that of events at the same millisecond none hides an earlier one.
///
/// Errors  Cancelled: `stop` fired.
/// Cost    Reads the rows of each step in the parts and runs that touch its window; whoever lacks a
///         step is dropped as soon as that is known, the rarest step first; times are read of the
///         others alone. 4 bytes a row of a task's customers. Sorts the rows of runs of more than
///         one week; where a step is negated, 16 bytes a row and a sort of each customer's rows.
absl::StatusOr<CustomerSet> customers_by_sequence(const Snapshot& snapshot,
                                                  const Sequence& sequence, const EventScan& scan,
                                                  const Stop& stop);

/// How far each customer came: the level of SequenceMatcher, 0 for who did not begin. For funnels.
/// Errors and cost as above, but that who did not begin is dropped, and, where nothing is negated,
/// who lacks the second step: these are at level 1.
absl::StatusOr<std::vector<std::uint8_t>> sequence_levels(const Snapshot& snapshot,
                                                          const Sequence& sequence,
                                                          const EventScan& scan, const Stop& stop);

}  // namespace grapevine
