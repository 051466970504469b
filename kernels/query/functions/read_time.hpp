#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "kernels/query/functions/zone.hpp"

namespace grapevine::sql {

/// A moment as it was read: seconds since 1970, UTC, and the nanoseconds after it.
struct ReadTime {
  std::int64_t seconds = 0;
  std::int64_t nanoseconds = 0;
};

/// What the text is read in: its zone, and the year of a date without one.
struct TimeReading {
  ZoneCursor zone;
  std::int64_t year_now = 1970;
  bool us_style = false;  ///< 01/02/2024 is in January.
};

/// Reads "2024-01-15 10:11:12.5", "15 Jan 2024 10:00 PM", "2024-01-15T10:11:12+02:00", 1700000000 (of 9 or 10
/// digits, 13 with milliseconds) and the like. Returns how many bytes were read, or 0 with the reason
/// in `failure`.
std::size_t read_time_best_effort(std::string_view text, TimeReading& reading, ReadTime& time,
                                  std::string& failure);

/// Reads "2024-01-15[ T]10:11:12[.5]", "2024-01-15" or a number of seconds, and nothing else, digit by
/// digit. What is too much for an hour or a day goes on to the next. Returns how many bytes were read, or 0.
std::size_t read_time_basic(std::string_view text, TimeReading& reading, bool with_fraction,
                            ReadTime& time);

/// Reads "2024-01-15", "2024-1-5" (any separator) or "20240115" as days since 1970; a date that there
/// is not, like one of month 13, is day 0. Returns how many bytes were read, or 0.
std::size_t read_date(std::string_view text, std::int64_t& day_number);

}  // namespace grapevine::sql
