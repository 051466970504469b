#include "api/plan/calendar.hpp"

#include <limits>

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include "api/parse/time.hpp"

namespace grapevine {
namespace {

// The zone of a name that is_timezone() knew; anything else is UTC.
absl::TimeZone zone_of(std::string_view timezone) {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(absl::string_view(timezone.data(), timezone.size()), &zone)) {
    return absl::UTCTimeZone();
  }
  return zone;
}

TimeMs midnight(absl::CivilDay day, absl::TimeZone zone) {
  return absl::ToUnixMillis(absl::FromCivil(day, zone));
}

absl::CivilMonth first_of_quarter(absl::CivilDay day) {
  return absl::CivilMonth(day.year(), (day.month() - 1) / 3 * 3 + 1);
}

bool is_leap_year(absl::civil_year_t year) { return absl::CivilDay(year, 2, 29).month() == 2; }

}  // namespace

TimeWindow resolve_within(const WithinSpan& within, TimeMs as_of, std::string_view timezone) {
  if (const auto* duration = std::get_if<TimeMs>(&within)) {
    return {as_of - *duration + 1, as_of + 1};
  }
  const absl::TimeZone zone = zone_of(timezone);
  const absl::CivilDay today(absl::ToCivilDay(absl::FromUnixMillis(as_of), zone));
  const absl::CivilDay week = absl::PrevWeekday(today + 1, absl::Weekday::monday);
  const absl::CivilMonth month(today);
  const absl::CivilMonth quarter = first_of_quarter(today);
  const absl::CivilYear year(today);
  const auto between = [&](auto first, auto beyond) {
    return TimeWindow{midnight(absl::CivilDay(first), zone),
                      midnight(absl::CivilDay(beyond), zone)};
  };
  switch (std::get<CalendarWord>(within)) {
    using enum CalendarWord;
    case Today: return between(today, today + 1);
    case Yesterday: return between(today - 1, today);
    case ThisWeek: return between(week, week + 7);
    case LastWeek: return between(week - 7, week);
    case ThisMonth: return between(month, month + 1);
    case LastMonth: return between(month - 1, month);
    case ThisQuarter: return between(quarter, quarter + 3);
    case LastQuarter: return between(quarter - 3, quarter);
    case ThisYear: return between(year, year + 1);
  }
  return {};
}

TimeWindow resolve_coming(const WithinSpan& within, TimeMs as_of, std::string_view timezone) {
  const auto* duration = std::get_if<TimeMs>(&within);
  if (duration == nullptr) return resolve_within(within, as_of, timezone);
  return {resolve_within(CalendarWord::Today, as_of, timezone).from, as_of + *duration};
}

DaysOfYear days_of(TimeWindow window, std::string_view timezone) {
  const absl::TimeZone zone = zone_of(timezone);
  constexpr int kDaysMax = 4 * 366;  // Every day there is, 29 February included.
  absl::CivilDay day = absl::ToCivilDay(absl::FromUnixMillis(window.from), zone);
  DaysOfYear days;
  for (int i = 0; i <= kDaysMax; ++i, ++day) {
    const TimeMs begins = midnight(day, zone);
    if (begins < window.from) continue;
    if (begins >= window.to) break;
    days.set(static_cast<std::size_t>(day.month() * 32 + day.day()));
    if (day.month() == 2 && day.day() == 28 && !is_leap_year(day.year())) days.set(2 * 32 + 29);
  }
  return days;
}

TimeMs moment_of(const SaidTime& said, std::string_view timezone) {
  if (!said.local) return said.time;
  const absl::Time shown = absl::FromUnixMillis(said.time);
  const absl::CivilSecond second = absl::ToCivilSecond(shown, absl::UTCTimeZone());
  const absl::Duration rest = shown - absl::FromCivil(second, absl::UTCTimeZone());
  return absl::ToUnixMillis(absl::FromCivil(second, zone_of(timezone)) + rest);
}

std::optional<TimeMs> parse_local_time(std::string_view text, std::string_view timezone) {
  const auto said = parse_said_time(text);
  return said ? std::optional(moment_of(*said, timezone)) : std::nullopt;
}

std::shared_ptr<const ZoneOffsets> zone_offsets(const std::string& timezone) {
  const absl::TimeZone zone = zone_of(timezone);
  const absl::Time begin = absl::FromCivil(absl::CivilYear(1900), absl::UTCTimeZone());
  const absl::Time end = absl::FromCivil(absl::CivilYear(2200), absl::UTCTimeZone());
  const auto offset_ms = [&](absl::Time time) { return TimeMs{zone.At(time).offset} * 1000; };
  auto offsets = std::make_shared<ZoneOffsets>();
  offsets->stretches.push_back({std::numeric_limits<TimeMs>::min(), offset_ms(begin)});
  absl::TimeZone::CivilTransition change;
  for (absl::Time time = begin; zone.NextTransition(time, &change);) {
    const auto to = zone.At(change.to);
    time = to.kind == absl::TimeZone::TimeInfo::UNIQUE ? to.pre : to.trans;
    if (time >= end) break;
    offsets->stretches.push_back({absl::ToUnixMillis(time), offset_ms(time)});
  }
  return offsets;
}

TimeMs local_midnight(std::chrono::sys_days day, std::string_view timezone) {
  return midnight(absl::CivilDay(1970, 1, 1) + day.time_since_epoch().count(), zone_of(timezone));
}

TimeMs next_midnight(TimeMs time, std::string_view timezone) {
  const absl::TimeZone zone = zone_of(timezone);
  absl::CivilDay day = absl::ToCivilDay(absl::FromUnixMillis(time), zone) + 1;
  while (midnight(day, zone) <= time) ++day;
  return midnight(day, zone);
}

std::size_t day_of_year(TimeMs time, std::string_view timezone) {
  const absl::CivilDay day = absl::ToCivilDay(absl::FromUnixMillis(time), zone_of(timezone));
  return static_cast<std::size_t>(day.month() * 32 + day.day());
}

}  // namespace grapevine
