// dateDiff, age, and times that are put together of numbers.
#include <algorithm>
#include <utility>
#include <vector>

#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/interval_units.hpp"
#include "kernels/query/functions/time_rows.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

absl::StatusOr<IntervalUnit> unit_argument(const Call& call) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string name, constant_string(call, 0));
  const auto unit = interval_unit_of(name);
  if (unit) return *unit;
  return query_error(QueryErrorCode::BadArguments,
                     joined({"Function ", call.name, " does not support '", name, "' unit"}));
}

// A moment by both clocks.
struct Moment {
  std::int64_t offset_of_epoch;  // Of its zone in 1970.
  std::int64_t utc;
  std::int64_t local;
  std::int64_t nanosecond;
};

// The number of a month since year 0.
std::int64_t month_number(std::int64_t local) {
  const CivilDay civil = civil_of_day(floor_div(local, kSecondsOfDay));
  return civil.year * 12 + civil.month - 1;
}

std::int64_t fine_difference(const Moment& from, const Moment& to, IntervalUnit unit) {
  const std::int64_t units = power_of_ten(digits_of(unit));
  const std::int64_t per_unit = 1'000'000'000 / units;
  const auto wide = [&](const Moment& moment) {
    return static_cast<std::uint64_t>(moment.utc) * static_cast<std::uint64_t>(units) +
           static_cast<std::uint64_t>(moment.nanosecond / per_unit);
  };
  return static_cast<std::int64_t>(wide(to) - wide(from));
}

// How often a unit's border is crossed on the way.
std::int64_t crossings(const Moment& from, const Moment& to, IntervalUnit unit) {
  const auto difference = [&](auto number) { return number(to) - number(from); };
  switch (unit) {
    case IntervalUnit::Second: return to.utc - from.utc;
    case IntervalUnit::Minute:
      return difference([](const Moment& m) { return floor_div(m.utc, 60); });
    case IntervalUnit::Hour:
      return difference([](const Moment& m) {
        // Hours are those of the clocks of 1970, the wrong way around: as ClickHouse counts them.
        return floor_div(m.utc - m.offset_of_epoch, 3600);
      });
    case IntervalUnit::Day:
      return difference([](const Moment& m) { return floor_div(m.local, kSecondsOfDay); });
    case IntervalUnit::Week:
      return difference([](const Moment& m) {
        return floor_div(floor_div(m.local, kSecondsOfDay) - 4, 7);  // 1970-01-05 was a Monday.
      });
    case IntervalUnit::Month:
      return difference([](const Moment& m) { return month_number(m.local); });
    case IntervalUnit::Quarter:
      return difference([](const Moment& m) { return floor_div(month_number(m.local), 3); });
    case IntervalUnit::Year:
      return difference([](const Moment& m) { return floor_div(month_number(m.local), 12); });
    default: return fine_difference(from, to, unit);
  }
}

std::int64_t whole_months(const Moment& from, const Moment& to) {
  if (to.local < from.local) return -whole_months(to, from);
  std::int64_t months = month_number(to.local) - month_number(from.local);
  const auto rest_of_month = [](const Moment& moment) {
    const std::int64_t day = floor_div(moment.local, kSecondsOfDay);
    return civil_of_day(day).day * kSecondsOfDay + moment.local - day * kSecondsOfDay;
  };
  const std::int64_t a = rest_of_month(from);
  const std::int64_t b = rest_of_month(to);
  if (b < a || (b == a && to.nanosecond < from.nanosecond)) --months;
  return months;
}

// How many whole units there are between.
std::int64_t age_in(const Moment& from, const Moment& to, IntervalUnit unit) {
  const auto whole_seconds = [&](std::int64_t unit_seconds) {
    std::int64_t seconds = to.utc - from.utc;
    const std::int64_t rest = to.nanosecond - from.nanosecond;
    if (seconds > 0 && rest < 0) --seconds;
    if (seconds < 0 && rest > 0) ++seconds;
    return seconds / unit_seconds;
  };
  switch (unit) {
    case IntervalUnit::Second: return whole_seconds(1);
    case IntervalUnit::Minute: return whole_seconds(60);
    case IntervalUnit::Hour: return whole_seconds(3600);
    case IntervalUnit::Day: return whole_seconds(kSecondsOfDay);
    case IntervalUnit::Week: return whole_seconds(7 * kSecondsOfDay);
    case IntervalUnit::Month: return whole_months(from, to);
    case IntervalUnit::Quarter: return whole_months(from, to) / 3;
    case IntervalUnit::Year: return whole_months(from, to) / 12;
    default: return fine_difference(from, to, unit);
  }
}

// Function (unit, from, to[, zone]).
template <std::int64_t (*compute)(const Moment&, const Moment&, IntervalUnit)>
absl::StatusOr<Resolved> difference(const Call& call) {
  GRAPEVINE_ASSIGN_OR_RETURN(const IntervalUnit unit, unit_argument(call));
  if (!is_time(call.id(1))) return illegal_type(call, 1);
  if (!is_time(call.id(2))) return illegal_type(call, 2);
  GRAPEVINE_ASSIGN_OR_RETURN(const ZonePtr from_zone, call_zone(call, 1, 3));
  GRAPEVINE_ASSIGN_OR_RETURN(const ZonePtr to_zone, call_zone(call, 2, 3));
  return Resolved{plain(TypeId::Int64),
                  [=](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    TimeRows from(arguments[1], *from_zone);
                    TimeRows to(arguments[2], *to_zone);
                    const auto moment = [](TimeRows& times, std::size_t row) {
                      const Zone& zone = times.cursor().zone();
                      return Moment{zone.stretch_of(0).offset, times.utc(row), times.local(row),
                                    times.nanosecond(row)};
                    };
                    auto result = new_fixed(plain(TypeId::Int64), rows);
                    auto* values = result->fixed<std::int64_t>().data();
                    for (std::size_t row = 0; row < rows; ++row) {
                      values[row] = compute(moment(from, row), moment(to, row), unit);
                    }
                    return absl::StatusOr<ColumnPtr>(std::move(result));
                  }};
}

// February 30 is March 1, or 2.
bool is_day(std::int64_t year, std::int64_t month, std::int64_t day) {
  return year >= 0 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

absl::Status check_numbers(const Call& call, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_numeric(call.id(i))) return illegal_type(call, i);
  }
  return absl::OkStatus();
}

// makeDate(year, month, day) and makeDate(year, day of the year).
absl::StatusOr<Resolved> make_date(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_numbers(call, call.size()));
  const bool by_day_of_year = call.size() == 2;
  return Resolved{plain(TypeId::Date), [=](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    const Numbers<std::int64_t> years(arguments[0]);
                    const Numbers<std::int64_t> months(arguments[1]);
                    const Numbers<std::int64_t> days(arguments.back());
                    auto result = new_fixed(plain(TypeId::Date), rows);
                    auto* to = result->fixed<std::uint16_t>().data();
                    for (std::size_t row = 0; row < rows; ++row) {
                      std::int64_t day = 0;
                      const std::int64_t year = years[row];
                      if (by_day_of_year) {
                        const std::int64_t last = is_leap_year(year) ? 366 : 365;
                        if (is_day(year, 1, 1) && days[row] >= 1 && days[row] <= last) {
                          day = day_of_civil(year, 1, 1) + days[row] - 1;
                        }
                      } else if (is_day(year, months[row], days[row])) {
                        day = day_of_civil(year, months[row], days[row]);
                      }
                      to[row] = static_cast<std::uint16_t>(day < 0 || day > 65'535 ? 0 : day);
                    }
                    return absl::StatusOr<ColumnPtr>(std::move(result));
                  }};
}

// makeDateTime(year, month, day, hour, minute, second[, zone]).
absl::StatusOr<Resolved> make_date_time(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_numbers(call, 6));
  DataType type = plain(TypeId::DateTime);
  if (call.size() > 6) {
    GRAPEVINE_ASSIGN_OR_RETURN(type.timezone, constant_string(call, 6));
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const ZonePtr zone, zone_of(type, call.facts));
  return Resolved{
      type, [type, zone](std::span<const ColumnPtr> arguments, std::size_t rows) {
        std::vector<Numbers<std::int64_t>> parts;
        for (std::size_t i = 0; i < 6; ++i) parts.emplace_back(arguments[i]);
        ZoneCursor cursor(*zone);
        auto result = new_fixed(type, rows);
        auto* to = result->fixed<std::uint32_t>().data();
        for (std::size_t row = 0; row < rows; ++row) {
          const auto part = [&](std::size_t i) { return parts[i][row]; };
          to[row] = 0;
          const auto is_part = [&](std::size_t i) { return part(i) >= 0 && part(i) < 256; };
          const bool is_time_of_day = is_part(3) && is_part(4) && is_part(5);
          if (!is_day(part(0), part(1), part(2)) || !is_time_of_day) continue;
          const std::int64_t local = day_of_civil(part(0), part(1), part(2)) * kSecondsOfDay +
                                     part(3) * 3600 + part(4) * 60 + part(5);
          to[row] = static_cast<std::uint32_t>(
              std::clamp<std::int64_t>(cursor.utc_of(local), 0, UINT32_MAX));
        }
        return absl::StatusOr<ColumnPtr>(std::move(result));
      }};
}

absl::StatusOr<Resolved> from_days_since_year_zero(const Call& call) {
  if (!is_integer(call.id(0))) return illegal_type(call, 0);
  return Resolved{
      plain(TypeId::Date), [](std::span<const ColumnPtr> arguments, std::size_t rows) {
        const Numbers<std::int64_t> days(arguments[0]);
        auto result = new_fixed(plain(TypeId::Date), rows);
        auto* to = result->fixed<std::uint16_t>().data();
        for (std::size_t row = 0; row < rows; ++row) {
          to[row] = static_cast<std::uint16_t>(static_cast<std::uint64_t>(days[row]) - 719'528);
        }
        return absl::StatusOr<ColumnPtr>(std::move(result));
      }};
}

constexpr Definition kDefinitions[] = {
    {"dateDiff", difference<crossings>, 3, 4},
    {"age", difference<age_in>, 3, 4},
    {"makeDate", make_date, 2, 3},
    {"makeDateTime", make_date_time, 6, 7},
    {"fromDaysSinceYearZero", from_days_since_year_zero, 1, 1},
};

}  // namespace

std::span<const Definition> time_difference_functions() { return kDefinitions; }

}  // namespace grapevine::sql
