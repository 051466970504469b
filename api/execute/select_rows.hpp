#pragma once

#include <absl/status/statusor.h>

#include "api/plan/segment_plan.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/segment/event_selection.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// The rows that a plan selects, with the customers that its rules on targets accept.
/// Errors  Cancelled: `stop` fired.
absl::StatusOr<EventSelection> select_rows(const SelectionPlan& plan, const Snapshot& snapshot,
                                           const Stop& stop);

}  // namespace grapevine
