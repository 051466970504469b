// toYear, toHour and the other numbers that are read off a calendar or a clock.
#include <utility>

#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/quarter_hours.hpp"
#include "kernels/query/functions/time_rows.hpp"
#include "kernels/query/functions/truncate_time.hpp"
#include "kernels/query/functions/weeks.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

using Seconds = std::int64_t;  // That the clocks had shown since 1970.

constexpr std::int64_t day_of(Seconds local) { return floor_div(local, kSecondsOfDay); }
constexpr std::int64_t second_of_day(Seconds local) { return floor_mod(local, kSecondsOfDay); }

std::int64_t year(Seconds local) { return civil_of_day(day_of(local)).year; }
std::int64_t quarter(Seconds local) { return (civil_of_day(day_of(local)).month + 2) / 3; }
std::int64_t month(Seconds local) { return civil_of_day(day_of(local)).month; }
std::int64_t day_of_month(Seconds local) { return civil_of_day(day_of(local)).day; }
std::int64_t day_of_year(Seconds local) {
  const std::int64_t day = day_of(local);
  return day - day_of_civil(civil_of_day(day).year, 1, 1) + 1;
}
std::int64_t hour(Seconds local) { return second_of_day(local) / 3600; }
std::int64_t minute(Seconds local) { return second_of_day(local) / 60 % 60; }
std::int64_t second(Seconds local) { return second_of_day(local) % 60; }
std::int64_t iso_week(Seconds local) {
  const std::int64_t day = day_of(local);
  return (day - start_of_iso_year(iso_year_of(day))) / 7 + 1;
}
std::int64_t iso_year(Seconds local) { return iso_year_of(day_of(local)); }
std::int64_t yyyymm(Seconds local) {
  const CivilDay civil = civil_of_day(day_of(local));
  return civil.year * 100 + civil.month;
}
std::int64_t yyyymmdd(Seconds local) {
  const CivilDay civil = civil_of_day(day_of(local));
  return (civil.year * 100 + civil.month) * 100 + civil.day;
}
std::int64_t yyyymmddhhmmss(Seconds local) {
  return yyyymmdd(local) * 1'000'000 + hour(local) * 10'000 + minute(local) * 100 + second(local);
}
std::int64_t relative_quarter(Seconds local) {
  const CivilDay civil = civil_of_day(day_of(local));
  return civil.year * 4 + (civil.month - 1) / 3;
}
std::int64_t relative_month(Seconds local) {
  const CivilDay civil = civil_of_day(day_of(local));
  return civil.year * 12 + civil.month;
}
// Weeks from Mondays since 1970.
std::int64_t relative_week(Seconds local) {
  const std::int64_t day = day_of(local);
  return floor_div(day + 8 - weekday_of_day(day), 7);
}
std::int64_t relative_day(Seconds local) { return day_of(local); }
std::int64_t day_since_year_zero(Seconds local) { return day_of(local) + 719'528; }

// What of a time is looked at: its day, its hour, something finer, or all.
enum class Of { Dates, Hours, Clocks, DatesAndClocks };

// Function (time[, zone]).
template <TypeId result_id, Of of, std::int64_t (*compute)(Seconds)>
absl::StatusOr<Resolved> part(const Call& call) {
  const TypeId id = call.id(0);
  if (!is_time(id) || ((of == Of::Hours || of == Of::Clocks) && id == TypeId::Date))
    return illegal_type(call, 0);
  GRAPEVINE_ASSIGN_OR_RETURN(const ZonePtr zone, call_zone(call, 0, 1));
  Resolved made{plain(result_id), [zone](std::span<const ColumnPtr> arguments, std::size_t rows) {
                  auto result = new_fixed(plain(result_id), rows);
                  TimeRows times(arguments[0], *zone);
                  with_value_type(result_id, [&](auto zero) {
                    using Value = decltype(zero);
                    Value* to = result->template fixed<Value>().data();
                    for (std::size_t row = 0; row < rows; ++row) {
                      to[row] = static_cast<Value>(compute(times.local(row)));
                    }
                  });
                  return absl::StatusOr<ColumnPtr>(std::move(result));
                }};
  return of == Of::Clocks || of == Of::DatesAndClocks ? made
                                                      : of_quarter_hours(std::move(made), *zone);
}

// Of the moment, whatever the clocks show.
template <std::int64_t unit>
absl::StatusOr<Resolved> relative_moment(const Call& call) {
  if (!is_time(call.id(0))) return illegal_type(call, 0);
  GRAPEVINE_ASSIGN_OR_RETURN(const ZonePtr zone, call_zone(call, 0, 1));
  // Where clocks differ from UTC by parts of an hour, ClickHouse counts by those of 1970, from a day
  // before.
  const bool by_clock = unit == 3600 && !is_offset_multiple(*zone, 3600);
  const std::int64_t shift = by_clock ? kSecondsOfDay - zone->stretch_of(0).offset : 0;
  return Resolved{plain(TypeId::UInt32),
                  [zone, shift](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    auto result = new_fixed(plain(TypeId::UInt32), rows);
                    TimeRows times(arguments[0], *zone);
                    auto* to = result->fixed<std::uint32_t>().data();
                    for (std::size_t row = 0; row < rows; ++row) {
                      to[row] = static_cast<std::uint32_t>(floor_div(times.utc(row) + shift, unit));
                    }
                    return absl::StatusOr<ColumnPtr>(std::move(result));
                  }};
}

template <TypeId result_id, std::int64_t unit_ns>
absl::StatusOr<Resolved> fraction(const Call& call) {
  if (call.id(0) != TypeId::DateTime && call.id(0) != TypeId::DateTime64) {
    return illegal_type(call, 0);
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const ZonePtr zone, call_zone(call, 0, 1));
  return Resolved{plain(result_id), [zone](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    auto result = new_fixed(plain(result_id), rows);
                    const TimeRows times(arguments[0], *zone);
                    with_value_type(result_id, [&](auto zero) {
                      using Value = decltype(zero);
                      Value* to = result->template fixed<Value>().data();
                      for (std::size_t row = 0; row < rows; ++row) {
                        to[row] = static_cast<Value>(times.nanosecond(row) / unit_ns);
                      }
                    });
                    return absl::StatusOr<ColumnPtr>(std::move(result));
                  }};
}

// The mode of a week, argument 1; 0 where it is not said.
absl::StatusOr<unsigned> week_mode(const Call& call) {
  if (call.size() < 2) return 0u;
  GRAPEVINE_ASSIGN_OR_RETURN(const std::int64_t mode, constant_integer(call, 1));
  return static_cast<unsigned>(mode & 0xFF);
}

// Function (time[, mode[, zone]]), of the day and the mode.
template <TypeId result_id, std::int64_t (*compute)(std::int64_t, unsigned)>
absl::StatusOr<Resolved> week_part(const Call& call) {
  if (!is_time(call.id(0))) return illegal_type(call, 0);
  GRAPEVINE_ASSIGN_OR_RETURN(const unsigned mode, week_mode(call));
  GRAPEVINE_ASSIGN_OR_RETURN(const ZonePtr zone, call_zone(call, 0, 2));
  Resolved made{plain(result_id),
                [zone, mode](std::span<const ColumnPtr> arguments, std::size_t rows) {
                  auto result = new_fixed(plain(result_id), rows);
                  TimeRows times(arguments[0], *zone);
                  with_value_type(result_id, [&](auto zero) {
                    using Value = decltype(zero);
                    Value* to = result->template fixed<Value>().data();
                    for (std::size_t row = 0; row < rows; ++row) {
                      to[row] = static_cast<Value>(compute(times.day(row), mode));
                    }
                  });
                  return absl::StatusOr<ColumnPtr>(std::move(result));
                }};
  return of_quarter_hours(std::move(made), *zone);
}

std::int64_t week(std::int64_t day, unsigned mode) { return week_of(day, mode, false).week; }
std::int64_t year_week(std::int64_t day, unsigned mode) {
  const YearWeek found = week_of(day, mode, true);
  return found.year * 100 + found.week;
}
// Modes: 0 Monday is 1, 1 Monday is 0, 2 Sunday is 0, 3 Sunday is 1.
std::int64_t day_of_week(std::int64_t day, unsigned mode) {
  const std::int64_t weekday = weekday_of_day(day);
  switch (mode & 3) {
    case 0: return weekday;
    case 1: return weekday - 1;
    case 2: return weekday % 7;
    default: return weekday % 7 + 1;
  }
}

constexpr Definition kDefinitions[] = {
    {"toYear", part<TypeId::UInt16, Of::Dates, year>, 1, 2},
    {"toQuarter", part<TypeId::UInt8, Of::Dates, quarter>, 1, 2},
    {"toMonth", part<TypeId::UInt8, Of::Dates, month>, 1, 2},
    {"toDayOfMonth", part<TypeId::UInt8, Of::Dates, day_of_month>, 1, 2},
    {"toDayOfYear", part<TypeId::UInt16, Of::Dates, day_of_year>, 1, 2},
    {"toDayOfWeek", week_part<TypeId::UInt8, day_of_week>, 1, 3},
    {"toHour", part<TypeId::UInt8, Of::Hours, hour>, 1, 2},
    {"toMinute", part<TypeId::UInt8, Of::Clocks, minute>, 1, 2},
    {"toSecond", part<TypeId::UInt8, Of::Clocks, second>, 1, 2},
    {"toMillisecond", fraction<TypeId::UInt16, 1'000'000>, 1, 2},
    {"toMicrosecond", fraction<TypeId::UInt32, 1'000>, 1, 2},
    {"toNanosecond", fraction<TypeId::UInt32, 1>, 1, 2},
    {"toISOWeek", part<TypeId::UInt8, Of::Dates, iso_week>, 1, 2},
    {"toISOYear", part<TypeId::UInt16, Of::Dates, iso_year>, 1, 2},
    {"toWeek", week_part<TypeId::UInt8, week>, 1, 3},
    {"toYearWeek", week_part<TypeId::UInt32, year_week>, 1, 3},
    {"toYYYYMM", part<TypeId::UInt32, Of::Dates, yyyymm>, 1, 2},
    {"toYYYYMMDD", part<TypeId::UInt32, Of::Dates, yyyymmdd>, 1, 2},
    {"toYYYYMMDDhhmmss", part<TypeId::UInt64, Of::DatesAndClocks, yyyymmddhhmmss>, 1, 2},
    {"toRelativeYearNum", part<TypeId::UInt16, Of::Dates, year>, 1, 2},
    {"toRelativeQuarterNum", part<TypeId::UInt32, Of::Dates, relative_quarter>, 1, 2},
    {"toRelativeMonthNum", part<TypeId::UInt32, Of::Dates, relative_month>, 1, 2},
    {"toRelativeWeekNum", part<TypeId::UInt32, Of::Dates, relative_week>, 1, 2},
    {"toRelativeDayNum", part<TypeId::UInt32, Of::Dates, relative_day>, 1, 2},
    {"toRelativeHourNum", relative_moment<3600>, 1, 2},
    {"toRelativeMinuteNum", relative_moment<60>, 1, 2},
    {"toRelativeSecondNum", relative_moment<1>, 1, 2},
    {"toDaysSinceYearZero", part<TypeId::UInt32, Of::Dates, day_since_year_zero>, 1, 2},
};

}  // namespace

std::span<const Definition> time_part_functions() { return kDefinitions; }

}  // namespace grapevine::sql
