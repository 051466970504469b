// toStartOf...: the beginning of the hour, day, month, ... that a time is in.
#include <algorithm>
#include <utility>

#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/interval_units.hpp"
#include "kernels/query/functions/quarter_hours.hpp"
#include "kernels/query/functions/time_rows.hpp"
#include "kernels/query/functions/truncate_interval.hpp"
#include "kernels/query/functions/truncate_time.hpp"
#include "kernels/query/functions/weeks.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

std::int64_t start_of_month(std::int64_t day) { return day - civil_of_day(day).day + 1; }
std::int64_t start_of_quarter(std::int64_t day) {
  const CivilDay civil = civil_of_day(day);
  return day_of_civil(civil.year, (civil.month - 1) / 3 * 3 + 1, 1);
}
std::int64_t start_of_year(std::int64_t day) { return day_of_civil(civil_of_day(day).year, 1, 1); }
std::int64_t start_of_iso_year_of(std::int64_t day) { return start_of_iso_year(iso_year_of(day)); }
std::int64_t monday(std::int64_t day) { return start_of_week(day, 1); }
std::int64_t last_day_of_month(std::int64_t day) {
  day = std::max<std::int64_t>(day, 0);  // Where it was still 1969.
  const CivilDay civil = civil_of_day(day);
  return day - civil.day + days_of_month(civil.year, civil.month);
}

std::uint16_t as_date(std::int64_t day) {
  return static_cast<std::uint16_t>(std::clamp<std::int64_t>(day, 0, 65'535));
}

// Function (time[, zone]) to a Date.
template <std::int64_t (*compute)(std::int64_t)>
absl::StatusOr<Resolved> to_day(const Call& call) {
  if (!is_time(call.id(0))) return illegal_type(call, 0);
  GRAPEVINE_ASSIGN_OR_RETURN(const ZonePtr zone, call_zone(call, 0, 1));
  Resolved made{plain(TypeId::Date),
                [zone](std::span<const ColumnPtr> arguments, std::size_t rows) {
                  auto result = new_fixed(plain(TypeId::Date), rows);
                  TimeRows times(arguments[0], *zone);
                  auto* to = result->fixed<std::uint16_t>().data();
                  for (std::size_t row = 0; row < rows; ++row) {
                    to[row] = as_date(compute(times.day(row)));
                  }
                  return absl::StatusOr<ColumnPtr>(std::move(result));
                }};
  return of_quarter_hours(std::move(made), *zone);
}

// Function (time[, mode[, zone]]) to the first or last day of its week.
template <std::int64_t days_later>
absl::StatusOr<Resolved> to_week_day(const Call& call) {
  if (!is_time(call.id(0))) return illegal_type(call, 0);
  std::int64_t mode = 0;
  if (call.size() > 1) {
    GRAPEVINE_ASSIGN_OR_RETURN(mode, constant_integer(call, 1));
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const ZonePtr zone, call_zone(call, 0, 2));
  Resolved made{
      plain(TypeId::Date), [zone, mode](std::span<const ColumnPtr> arguments, std::size_t rows) {
        auto result = new_fixed(plain(TypeId::Date), rows);
        TimeRows times(arguments[0], *zone);
        auto* to = result->fixed<std::uint16_t>().data();
        for (std::size_t row = 0; row < rows; ++row) {
          to[row] =
              as_date(start_of_week(times.day(row), static_cast<unsigned>(mode & 1)) + days_later);
        }
        return absl::StatusOr<ColumnPtr>(std::move(result));
      }};
  return of_quarter_hours(std::move(made), *zone);
}

// Function (time[, zone]) to a DateTime.
template <IntervalUnit unit, std::int64_t amount>
absl::StatusOr<Resolved> to_moment(const Call& call) {
  if (!is_time(call.id(0))) return illegal_type(call, 0);
  if (call.id(0) == TypeId::Date && unit != IntervalUnit::Day) return illegal_type(call, 0);
  DataType type = plain(TypeId::DateTime);
  GRAPEVINE_ASSIGN_OR_RETURN(type.timezone, call_zone_name(call, 0, 1));
  GRAPEVINE_ASSIGN_OR_RETURN(const ZonePtr zone, call_zone(call, 0, 1));
  Resolved made{type, [type, zone](std::span<const ColumnPtr> arguments, std::size_t rows) {
                  return absl::StatusOr<ColumnPtr>(
                      truncate_moments(arguments[0], *zone, unit, amount, type, rows));
                }};
  constexpr bool whole_quarters = unit >= IntervalUnit::Hour || amount % 15 == 0;
  return whole_quarters ? of_quarter_hours(std::move(made), *zone) : made;
}

// Function (DateTime64[, zone]) to a DateTime64.
template <IntervalUnit unit>
absl::StatusOr<Resolved> to_fraction(const Call& call) {
  if (call.id(0) != TypeId::DateTime64) return illegal_type(call, 0);
  DataType type = not_null(call.type(0));
  GRAPEVINE_ASSIGN_OR_RETURN(type.timezone, call_zone_name(call, 0, 1));
  type.scale = static_cast<std::uint8_t>(std::max<int>(type.scale, digits_of(unit)));
  return Resolved{type, [type](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    return truncate_fractions(arguments[0], unit, 1, type, rows);
                  }};
}

constexpr auto kSkipped = Definition::Nulls::Skipped;
constexpr Definition kDefinitions[] = {
    {"toStartOfNanosecond", to_fraction<IntervalUnit::Nanosecond>, 1, 2, kSkipped},
    {"toStartOfMicrosecond", to_fraction<IntervalUnit::Microsecond>, 1, 2, kSkipped},
    {"toStartOfMillisecond", to_fraction<IntervalUnit::Millisecond>, 1, 2, kSkipped},
    {"toStartOfSecond", to_fraction<IntervalUnit::Second>, 1, 2, kSkipped},
    {"toStartOfMinute", to_moment<IntervalUnit::Minute, 1>, 1, 2},
    {"toStartOfFiveMinutes", to_moment<IntervalUnit::Minute, 5>, 1, 2},
    {"toStartOfTenMinutes", to_moment<IntervalUnit::Minute, 10>, 1, 2},
    {"toStartOfFifteenMinutes", to_moment<IntervalUnit::Minute, 15>, 1, 2},
    {"timeSlot", to_moment<IntervalUnit::Minute, 30>, 1, 2},
    {"toStartOfHour", to_moment<IntervalUnit::Hour, 1>, 1, 2},
    {"toStartOfDay", to_moment<IntervalUnit::Day, 1>, 1, 2},
    {"toStartOfWeek", to_week_day<0>, 1, 3},
    {"toLastDayOfWeek", to_week_day<6>, 1, 3},
    {"toMonday", to_day<monday>, 1, 2},
    {"toStartOfMonth", to_day<start_of_month>, 1, 2},
    {"toStartOfQuarter", to_day<start_of_quarter>, 1, 2},
    {"toStartOfYear", to_day<start_of_year>, 1, 2},
    {"toStartOfISOYear", to_day<start_of_iso_year_of>, 1, 2},
    {"toLastDayOfMonth", to_day<last_day_of_month>, 1, 2},
    {"toStartOfInterval", to_start_of_interval, 2, 4, kSkipped},
    {"dateTrunc", date_trunc, 2, 3, kSkipped},
};

}  // namespace

std::span<const Definition> time_rounding_functions() { return kDefinitions; }

}  // namespace grapevine::sql
