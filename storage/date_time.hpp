#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/ids.hpp"

namespace grapevine {

/// A moment as a value: a type of its own, so that it is never taken for a number.
struct DateTime {
  TimeMs ms = 0;  ///< Since 1970, UTC.
  bool operator==(const DateTime&) const = default;
};

/// Whether a moment is of the years 0001 to 9999, whose texts have one form.
bool is_date_time(TimeMs ms);

/// The moment that a text names in the one form that `append_date_time` writes,
/// `2026-11-22T01:02:03.004Z`; nullopt for every other text, so that no byte is lost.
std::optional<DateTime> read_date_time(std::string_view text);

/// ISO 8601 in UTC, with milliseconds. Any moment has one: beyond the year 9999 with more digits.
void append_date_time(std::string& text, TimeMs ms);

}  // namespace grapevine
