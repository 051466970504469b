#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "api/parse/time.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// A stretch of the calendar, named from the moment of asking. Weeks begin on Monday.
enum class CalendarWord : std::uint8_t {
  Today,
  Yesterday,
  ThisWeek,
  LastWeek,
  ThisMonth,
  LastMonth,
  ThisQuarter,
  LastQuarter,
  ThisYear,
};

/// How a word is written: "last_week".
std::string_view name_of(CalendarWord word);

/// What `within` says: the last so many milliseconds, or a stretch of the calendar.
using WithinSpan = std::variant<TimeMs, CalendarWord>;

/// `15m`, `12h`, `30d`, `6w` (1 minute to 36,525 days), or `today`, `yesterday`, `this_week`, ...,
/// `this_year`; nullopt for anything else.
std::optional<WithinSpan> parse_within(std::string_view text);

/// A moment as an answer's "now": nothing given, "latest", or a time.
struct AsOf {
  enum class Kind : std::uint8_t { Now, Latest, At };
  Kind kind = Kind::Now;
  SaidTime at;  ///< Of At.
};

/// Milliseconds since 1970 that ISO 8601 can write: years 0001 to 9999.
constexpr bool is_time(std::int64_t epoch_ms) {
  return epoch_ms >= -62'135'596'800'000 && epoch_ms <= 253'402'300'799'999;
}

/// `latest`, an ISO 8601 time, or epoch milliseconds in digits; nullopt for anything else.
std::optional<AsOf> parse_as_of(std::string_view text);

/// Whether the server's zone data has it: "Asia/Seoul", "UTC".
bool is_timezone(std::string_view name);
/// "no such timezone: Asia/Seol (did you mean Asia/Seoul?)".
std::string no_such_timezone(std::string_view name);

}  // namespace grapevine
