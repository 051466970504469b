#pragma once

#include <string>

#include "api/parse/definition.hpp"
#include "api/plan/calendar.hpp"
#include "kernels/segment/value_test.hpp"
#include "storage/ids.hpp"
#include "storage/value.hpp"

namespace grapevine {

// What a plan says of time, as it was said: so it can be bound to another moment without planning
// anew.

/// A window on events.
struct WindowPlan {
  WindowRule said;
  std::string timezone;  ///< IANA.

  /// Whether it is another window at another moment, `as_of` itself aside, which ends every window.
  [[nodiscard]] bool moves() const { return said.within.has_value(); }
};

/// The window at `as_of`: [from, to), which ends with `as_of`, that moment included. No window is
/// all time.
TimeWindow bind(const WindowPlan& window, TimeMs as_of);

/// A rule whose test depends on the moment of asking: `within` or `anniversary_within`. It was
/// bound once without a mistake.
struct MovingRule {
  ValueRule rule;
  ValueType type = ValueType::Null;  ///< Of what is asked.
  bool is_time = false;              ///< A moment, kept as epoch milliseconds.
  std::string timezone;              ///< IANA.
};

/// The test at `as_of`.
ValueTest bind(const MovingRule& rule, TimeMs as_of);

}  // namespace grapevine
