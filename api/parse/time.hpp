#pragma once

#include <optional>
#include <string_view>

#include "storage/ids.hpp"

namespace grapevine {

/// A time as it was written. One that names no zone is what a clock on some wall shows: whose wall
/// is decided by who reads it (see moment_of in plan/calendar.hpp).
struct SaidTime {
  TimeMs time = 0;     ///< Were the clock one of UTC.
  bool local = false;  ///< Whether it names no zone.
  friend auto operator<=>(const SaidTime&, const SaidTime&) = default;
};

/// What an ISO 8601 text says, to the millisecond; nullopt where it is no time.
///
/// Takes `2026-11-22`, or that and `T` or a space and `01:02`, `01:02:03` or `01:02:03.004` (any
/// number of digits: those beyond milliseconds are cut off), then `Z`, `+09`, `+09:00`, `+0900` or
/// nothing. A date alone is its midnight. Years 0001 to 9999; a day that its
/// month does not have, hour 24 and second 60 are refused. Knows no locale.
std::optional<SaidTime> parse_said_time(std::string_view text);

/// The same where who names no zone means UTC.
std::optional<TimeMs> parse_time(std::string_view text);

}  // namespace grapevine
