#include "api/plan/moving_rule.hpp"

#include <algorithm>
#include <limits>

#include "api/parse/mistakes.hpp"
#include "api/plan/bind_value_rule.hpp"

namespace grapevine {

TimeWindow bind(const WindowPlan& window, TimeMs as_of) {
  TimeWindow bound{std::numeric_limits<TimeMs>::min(), std::numeric_limits<TimeMs>::max()};
  if (window.said.within) bound = resolve_within(*window.said.within, as_of, window.timezone);
  if (window.said.from) bound.from = moment_of(*window.said.from, window.timezone);
  if (window.said.to) bound.to = moment_of(*window.said.to, window.timezone);
  bound.to = std::min(bound.to, as_of + 1);  // What comes later does not count.
  return bound;
}

ValueTest bind(const MovingRule& rule, TimeMs as_of) {
  Mistakes none;
  const RuleSubject subject{rule.rule.name, rule.type, rule.is_time};
  const auto bound = bind_value_rule(rule.rule, subject, {as_of, rule.timezone}, none);
  return bound ? bound->test : ValueTest{};
}

}  // namespace grapevine
