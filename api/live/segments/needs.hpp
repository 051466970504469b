#pragma once

#include <string>
#include <vector>

#include "api/plan/segment_plan.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// What can change whether a condition holds of somebody: what is written about them, what is
/// written about others, and the passing of time.
struct Needs {
  /// A row of that name, `delay` after its time: it leaves a window then.
  struct Departure {
    EventNameId event{};
    TimeMs delay = 0;
    friend auto operator<=>(const Departure&, const Departure&) = default;
  };
  /// A look ahead of `duration` from the moment of asking meets another midnight.
  struct Ahead {
    std::string timezone;
    TimeMs duration = 0;  ///< 0: midnight itself.
  };

  bool by_person = true;              ///< A PersonTest can tell; else only a pass over everybody.
  std::vector<EventNameId> events;    ///< Rows of these names.
  std::vector<Departure> departures;  ///< Each once.
  bool traits = false;                ///< Attributes of customers.
  bool seen = false;                  ///< First and last events.
  std::vector<TimeMs> seen_delays;    ///< So long after them.
  std::vector<Ahead> midnights;       ///< Turns of the calendar.
  bool moves_with_values = false;     ///< A window over values of an attribute.
  bool others = false;                ///< Who reacted to whom, and whose ids are whose.
  bool always = false;                ///< Time itself.
  bool anything = false;              ///< Whatever is written.
};

/// What a condition depends on.
Needs needs_of(const PlanNode& condition);

/// The next turn of the calendar after `now` that matters to it; INT64_MAX: none does.
TimeMs next_turn(const Needs& needs, TimeMs now);

}  // namespace grapevine
