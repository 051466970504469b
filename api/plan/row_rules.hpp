#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/parse/definition.hpp"
#include "api/parse/mistakes.hpp"
#include "api/plan/bind_value_rule.hpp"

namespace grapevine {

// Rules of `where` on what every row of events has, its columns aside. None is asked of rows: each
// becomes a window, fewer names, or a condition on the customer.

/// The window that a rule on `ts` is. nullopt after a mistake: it is of another kind than one
/// stretch of time.
std::optional<WindowRule> window_of(const ValueRule& rule, const Moment& moment,
                                    Mistakes& mistakes);

/// A rule on `event`, held against the names of its EventRule. nullopt after a mistake: it names
/// others, or is no rule on a name.
std::optional<BoundRule> bind_name_rule(const ValueRule& rule, const EventRule& events,
                                        const Moment& moment, Mistakes& mistakes);

/// The ids that a rule on `event_id` lists. nullopt after a mistake: it is no eq or in.
std::optional<std::vector<std::string>> event_ids(const ValueRule& rule, Mistakes& mistakes);

/// Takes away the rules on `customer_id`, and returns them.
std::vector<ValueRule> take_customer_rules(EventRule& events);

}  // namespace grapevine
