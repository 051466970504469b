#pragma once

#include <cstdint>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "kernels/segment/event_selection.hpp"
#include "kernels/segment/time_buckets.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// How many different customers have a selected event in each bucket of time. `among`, where it is
/// not null, counts its members alone.
///
/// Shapes  Result: buckets.count numbers. `among` ranges over the snapshot's customers.
/// Errors  InvalidArgument: as TimeBuckets::valid. Cancelled.
/// Cost    A mark a customer and quarter hour (see PartActivity, which is made the first time), where
///         the buckets are whole quarter hours and no rule chooses among the events; else customer
///         and time of each selected row, once where buckets are whole parts of a week or of a day.
///         4 bytes for each customer of a task and bucket of a week in which a part has them.
absl::StatusOr<std::vector<std::uint64_t>> count_active_people(const Snapshot& snapshot,
                                                               const EventSelection& active,
                                                               const TimeBuckets& buckets,
                                                               const CustomerSet* among,
                                                               const Stop& stop);

}  // namespace grapevine
