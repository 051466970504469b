#pragma once

#include "api/plan/segment_plan.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// When the window of a rule on an attribute meets another value next: one that lies ahead is
/// reached, or one inside is left behind. INT64_MAX: never.
/// Precondition: the rule is `within` a duration.
/// Cost: one look at each value; of strings at each distinct one.
TimeMs next_crossing(const AttributePlan& plan, const Snapshot& snapshot, TimeMs now);

/// The same for the value of one customer.
TimeMs next_crossing(const AttributePlan& plan, const Snapshot& snapshot, CustomerId customer,
                     TimeMs now);

}  // namespace grapevine
