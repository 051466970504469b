#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "storage/ids.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// How often each customer answered somebody else: `Ticket Answered` and `Post Replied`, directed at
/// another person.
///
/// Shapes  Result: a count for each CustomerId of the snapshot.
/// Errors  Cancelled: `stop` was requested.
/// Cost    One read of the runs of these events; parallel over customers.
absl::StatusOr<std::vector<std::int64_t>> count_answers(const Snapshot& snapshot, TimeMs as_of,
                                                        const Stop& stop);

/// How much more good than bad each customer says: their posts, shares, replies, mentions and reviews
/// with a sentiment above 0.05, less those with one below -0.05. One without a sentiment does not
/// count.
///
/// Shapes  brands: only events of one of these count; none: events of any brand or of none.
///         Result: a number for each CustomerId of the snapshot.
/// Errors  Cancelled: `stop` was requested.
/// Cost    One read of the runs of these events; parallel over customers.
absl::StatusOr<std::vector<std::int64_t>> net_advocacy(const Snapshot& snapshot,
                                                       const std::vector<std::string>& brands,
                                                       TimeMs as_of, const Stop& stop);

}  // namespace grapevine
