#include "kernels/query/functions/weeks.hpp"

namespace grapevine::sql {
namespace {

// 0 is the day that weeks begin with.
std::int64_t weekday_from(std::int64_t day_number, bool monday_first) {
  const std::int64_t weekday = weekday_of_day(day_number);  // Monday is 1.
  return monday_first ? weekday - 1 : weekday % 7;
}

std::int64_t days_of_year(std::int64_t year) { return is_leap_year(year) ? 366 : 365; }

}  // namespace

YearWeek week_of(std::int64_t day_number, unsigned mode, bool always_year) {
  const bool monday_first = (mode & 1) != 0;
  std::int64_t year = civil_of_day(day_number).year;
  if ((mode & 8) != 0) {
    // The week of January 1 is the first, and the days before in its week belong to it.
    const std::int64_t next = day_of_civil(year + 1, 1, 1);
    const std::int64_t next_begins = next - weekday_from(next, monday_first);
    if (day_number >= next_begins) return {year + 1, 1};
    const std::int64_t first = day_of_civil(year, 1, 1);
    const std::int64_t begins = first - weekday_from(first, monday_first);
    return {year, (day_number - begins) / 7 + 1};
  }
  bool week_year = (mode & 2) != 0 || always_year;
  // Bit 2 means the contrary for weeks from Monday: there it is off for ISO's rule of four days.
  const bool by_first_day = monday_first == ((mode & 4) != 0);
  std::int64_t first = day_of_civil(year, 1, 1);
  std::int64_t weekday = weekday_from(first, monday_first);
  const CivilDay civil = civil_of_day(day_number);
  std::int64_t days = 0;
  if (civil.month == 1 && civil.day <= 7 - weekday) {
    const bool before_first = (by_first_day && weekday != 0) || (!by_first_day && weekday >= 4);
    if (!week_year && before_first) return {year, 0};
    if (before_first) {
      week_year = true;
      --year;
      days = days_of_year(year);
      first -= days;
      weekday = (weekday + 53 * 7 - days) % 7;
    }
  }
  const bool skips = (by_first_day && weekday != 0) || (!by_first_day && weekday >= 4);
  days = skips ? day_number - (first + (7 - weekday)) : day_number - (first - weekday);
  if (week_year && days >= 52 * 7) {
    weekday = (weekday + days_of_year(year)) % 7;
    if ((!by_first_day && weekday < 4) || (by_first_day && weekday == 0)) return {year + 1, 1};
  }
  return {year, days / 7 + 1};
}

std::int64_t start_of_iso_year(std::int64_t year) {
  // January 4 is always in the first week.
  const std::int64_t fourth = day_of_civil(year, 1, 4);
  return fourth - (weekday_of_day(fourth) - 1);
}

std::int64_t iso_year_of(std::int64_t day_number) {
  // The year of the week's Thursday.
  return civil_of_day(day_number - (weekday_of_day(day_number) - 1) + 3).year;
}

std::int64_t start_of_week(std::int64_t day_number, unsigned mode) {
  return day_number - weekday_from(day_number, (mode & 1) != 0);
}

}  // namespace grapevine::sql
