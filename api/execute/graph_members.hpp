#pragma once

#include <cstddef>

#include <absl/status/statusor.h>

#include "api/live/graph_view.hpp"
#include "api/plan/segment_plan.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"

namespace grapevine {

/// The customers whom a score selects, of `customers`. People of equal scores are ranked by the
/// bytes of their ids.
CustomerSet members_by_score(const RankedScore& score, const ScorePlan& plan,
                             std::size_t customers);

/// How many people a share of some people is, rounded up. What rounding of the share itself
/// adds does not count: 0.07 of 100 are 7.
std::size_t people_of_share(double share, std::size_t people);

/// The customers who are connected to somebody else of `members`. Errors  Cancelled: `stop` fired.
absl::StatusOr<CustomerSet> members_by_connection(const SocialGraph& graph,
                                                  const ConnectedPlan& plan,
                                                  const CustomerSet& members, const Stop& stop);

}  // namespace grapevine
