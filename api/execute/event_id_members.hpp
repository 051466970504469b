#pragma once

#include <absl/status/statusor.h>

#include "api/plan/segment_plan.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "kernels/segment/event_rows.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Customers by events of which the ids are known: few rows, so each is looked at by itself.
///
/// Preconditions  plan.events.ids is set; `rows` is its selection, bound to `as_of`.
/// Errors  Cancelled: `stop` fired. Cost: as rows_with_ids.
absl::StatusOr<CustomerSet> customers_by_event_ids(const Snapshot& snapshot, const EventPlan& plan,
                                                   const EventSelection& rows, TimeMs as_of,
                                                   ReadCounts* reads, const Stop& stop);

}  // namespace grapevine
