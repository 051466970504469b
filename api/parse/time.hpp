#pragma once

#include <optional>
#include <string_view>

#include "storage/ids.hpp"

namespace grapevine {

/// The moment that an ISO 8601 text names, to the millisecond; nullopt where it is none.
///
/// Takes `2026-11-22`, or that and `T` or a space and `01:02`, `01:02:03` or `01:02:03.004` (any
/// number of digits: those beyond milliseconds are cut off), then `Z`, `+09`, `+09:00`, `+0900` or
/// nothing, which is UTC. A date alone is its midnight in UTC. Years 0001 to 9999; a day that its
/// month does not have, hour 24 and second 60 are refused. Knows no locale.
std::optional<TimeMs> parse_time(std::string_view text);

}  // namespace grapevine
