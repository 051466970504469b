#pragma once

#include <bitset>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/parse/within.hpp"
#include "kernels/segment/clock_test.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// The half-open stretch [from, to).
struct TimeWindow {
  TimeMs from = 0;
  TimeMs to = 0;
};

/// What `within` means at `as_of`: a duration is (as_of - duration, as_of]; a word is its whole
/// stretch of the calendar of `timezone`, also where that goes on after `as_of`.
TimeWindow resolve_within(const WithinSpan& within, TimeMs as_of, std::string_view timezone);

/// What `anniversary_within` means at `as_of`: a duration looks ahead, from the beginning of today
/// until `as_of` + duration; a word is its stretch of the calendar.
TimeWindow resolve_coming(const WithinSpan& within, TimeMs as_of, std::string_view timezone);

/// Days of any year, as month × 32 + day.
using DaysOfYear = std::bitset<13 * 32>;

/// The days that begin inside the window. 28 February of a common year brings 29 February along, so
/// that everyone has an anniversary every year.
DaysOfYear days_of(TimeWindow window, std::string_view timezone);

/// The moment that is said: what names no zone is read on the clocks of `timezone`, so that a
/// calendar day does not move with who asks. A reading that daylight saving skips is the moment at
/// which it does, one that comes twice is the first.
TimeMs moment_of(const SaidTime& said, std::string_view timezone);

/// The moment that a text names (see parse_said_time), in the same way; nullopt: it names none.
std::optional<TimeMs> parse_local_time(std::string_view text, std::string_view timezone);

/// The offsets of a timezone's clocks from 1900 to 2199; before and after as at the ends.
/// Cost: some 100 µs for a zone with daylight saving.
std::shared_ptr<const ZoneOffsets> zone_offsets(const std::string& timezone);

/// When a date begins in `timezone`; `day` counts from 1970-01-01.
TimeMs local_midnight(std::chrono::sys_days day, std::string_view timezone);

/// The first beginning of a day in `timezone` after `time`.
TimeMs next_midnight(TimeMs time, std::string_view timezone);

/// The day of the year on which a moment falls in `timezone`: month × 32 + day.
std::size_t day_of_year(TimeMs time, std::string_view timezone);

}  // namespace grapevine
