#include "kernels/query/functions/truncate_interval.hpp"

#include <algorithm>
#include <utility>

#include "kernels/query/functions/interval_units.hpp"
#include "kernels/query/functions/quarter_hours.hpp"
#include "kernels/query/functions/time_rows.hpp"
#include "kernels/query/functions/truncate_time.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// The first day of `amount` weeks or longer units.
std::int64_t start_of_days(std::int64_t day, IntervalUnit unit, std::int64_t amount) {
  switch (unit) {
    case IntervalUnit::Week: {
      // 1970-01-05 was a Monday.
      const std::int64_t days = 7 * amount;
      return 4 + floor_div(day - 4, days) * days;
    }
    case IntervalUnit::Month:
    case IntervalUnit::Quarter: {
      const std::int64_t months = unit == IntervalUnit::Month ? amount : 3 * amount;
      const CivilDay civil = civil_of_day(day);
      // Groups of months are counted from 1900 on, those of years from 0.
      const std::int64_t passed = (civil.year - 1900) * 12 + civil.month - 1;
      const std::int64_t start = floor_div(passed, months) * months;
      return day_of_civil(1900 + floor_div(start, 12), floor_mod(start, 12) + 1, 1);
    }
    default: return day_of_civil(floor_div(civil_of_day(day).year, amount) * amount, 1, 1);
  }
}

ColumnPtr truncate_dates(const ColumnPtr& column, const Zone& zone, IntervalUnit unit,
                         std::int64_t amount, std::size_t rows) {
  auto result = new_fixed(plain(TypeId::Date), rows);
  TimeRows times(column, zone);
  auto* to = result->fixed<std::uint16_t>().data();
  for (std::size_t row = 0; row < rows; ++row) {
    const std::int64_t day = start_of_days(times.day(row), unit, amount);
    to[row] = static_cast<std::uint16_t>(std::clamp<std::int64_t>(day, 0, 65'535));
  }
  return result;
}

template <typename Truncate>
ColumnPtr truncate_each(const ColumnPtr& column, const Zone& zone, const DataType& type,
                        std::size_t rows, Truncate truncate) {
  auto result = new_fixed(type, rows);
  TimeRows times(column, zone);
  auto* to = result->fixed<std::uint32_t>().data();
  for (std::size_t row = 0; row < rows; ++row) {
    to[row] = static_cast<std::uint32_t>(truncate(times, row));
  }
  return result;
}

// Cut down to `amount` of a unit from an origin on.
absl::StatusOr<Resolved> from_origin(const Call& call, IntervalUnit unit, std::int64_t amount) {
  if (not_null(call.type(0)) != not_null(call.type(2)) || call.id(0) == TypeId::Date) {
    return illegal_type(call, 2);
  }
  std::int64_t seconds = seconds_of(unit);
  if (unit == IntervalUnit::Day) seconds = kSecondsOfDay;
  if (unit == IntervalUnit::Week) seconds = 7 * kSecondsOfDay;
  DataType type = not_null(call.type(0));
  const std::int64_t units = power_of_ten(type.scale);
  std::int64_t step = 0;
  if (seconds == 0 || __builtin_mul_overflow(seconds * units, amount, &step)) {
    return query_error(QueryErrorCode::NotImplemented,
                       "toStartOfInterval with an origin takes seconds to weeks");
  }
  GRAPEVINE_ASSIGN_OR_RETURN(type.timezone, call_zone_name(call, 0, 3));
  return Resolved{type,
                  [type, step](std::span<const ColumnPtr> arguments,
                               std::size_t rows) -> absl::StatusOr<ColumnPtr> {
                    const Numbers<std::int64_t> times(arguments[0]);
                    const Numbers<std::int64_t> origins(arguments[2]);
                    auto result = new_fixed(type, rows);
                    bool before = false;
                    with_value_type(type.id, [&](auto zero) {
                      using Value = decltype(zero);
                      compute_rows(times, origins, rows, result->fixed<Value>().data(),
                                   [&](std::int64_t time, std::int64_t origin) {
                                     before |= origin > time;
                                     const std::int64_t passed = origin > time ? 0 : time - origin;
                                     return static_cast<Value>(origin + passed / step * step);
                                   });
                    });
                    if (before) {
                      return query_error(QueryErrorCode::BadArguments,
                                         "Source date must be greater than or equal to the origin");
                    }
                    return ColumnPtr(std::move(result));
                  }};
}

absl::StatusOr<Resolved> truncate(const Call& call, IntervalUnit unit, std::int64_t amount,
                                  std::size_t time, std::size_t zone_argument) {
  GRAPEVINE_ASSIGN_OR_RETURN(const ZonePtr zone, call_zone(call, time, zone_argument));
  const TypeId id = call.id(time);
  if (unit >= IntervalUnit::Week) {
    // Longer than all times: so that multiplying cannot overflow.
    const std::int64_t most = std::min<std::int64_t>(amount, 1'000'000);
    Resolved made{plain(TypeId::Date), [=](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    return absl::StatusOr<ColumnPtr>(
                        truncate_dates(arguments[time], *zone, unit, most, rows));
                  }};
    return time == 0 ? of_quarter_hours(std::move(made), *zone) : made;
  }
  if ((id == TypeId::Date && unit < IntervalUnit::Day) ||
      (id == TypeId::DateTime && is_below_second(unit))) {
    return query_error(
        QueryErrorCode::IllegalTypeOfArgument,
        joined({"Illegal interval kind for argument data type ", name_of(call.type(time))}));
  }
  GRAPEVINE_ASSIGN_OR_RETURN(std::string zone_name, call_zone_name(call, time, zone_argument));
  if (is_below_second(unit)) {
    DataType type = plain(TypeId::DateTime64);
    type.scale = static_cast<std::uint8_t>(digits_of(unit));
    type.timezone = std::move(zone_name);
    return Resolved{type, [=](std::span<const ColumnPtr> arguments, std::size_t rows) {
                      return truncate_fractions(arguments[time], unit, amount, type, rows);
                    }};
  }
  DataType type = plain(TypeId::DateTime);
  type.timezone = std::move(zone_name);
  const std::int64_t most = std::min<std::int64_t>(amount, 10'000'000'000);
  Resolved made{type, [=](std::span<const ColumnPtr> arguments, std::size_t rows) {
                  return absl::StatusOr<ColumnPtr>(
                      truncate_moments(arguments[time], *zone, unit, most, type, rows));
                }};
  const bool whole_quarters = unit == IntervalUnit::Hour || unit == IntervalUnit::Day ||
                              (unit == IntervalUnit::Minute && most % 15 == 0);
  return time == 0 && whole_quarters ? of_quarter_hours(std::move(made), *zone) : made;
}

}  // namespace

ColumnPtr truncate_moments(const ColumnPtr& times, const Zone& zone, IntervalUnit unit,
                           std::int64_t amount, const DataType& type, std::size_t rows) {
  if (unit == IntervalUnit::Day) {
    // The first day of DateTime begins at its first midnight.
    const bool is_unsigned = times->type.id == TypeId::DateTime && amount == 1;
    return truncate_each(
        times, zone, type, rows, [amount, is_unsigned](TimeRows& source, std::size_t row) {
          const std::int64_t day = source.day(row);
          const std::int64_t begin =
              source.cursor().utc_of(floor_div(day, amount) * amount * kSecondsOfDay);
          if (begin >= 0 || !is_unsigned) return begin;
          return source.cursor().utc_of((day + 1) * kSecondsOfDay);
        });
  }
  const std::int64_t unit_seconds = seconds_of(unit) * amount;
  const bool by_clock =
      unit == IntervalUnit::Hour && !(amount == 1 && is_offset_multiple(zone, 3600));
  if (by_clock) {
    const bool is_unsigned = times->type.id == TypeId::DateTime;
    return truncate_each(
        times, zone, type, rows, [amount, is_unsigned](TimeRows& source, std::size_t row) {
          const std::int64_t begin = start_of_hours(source.cursor(), source.utc(row), amount);
          return is_unsigned ? std::max<std::int64_t>(begin, 0) : begin;
        });
  }
  // From the day's begin on where the zone's clocks differ from UTC by less than the interval's grain.
  const std::int64_t grain = unit_seconds % 60 == 0 ? 60 : 3600;
  if (unit_seconds > 1 && !is_offset_multiple(zone, grain)) {
    return truncate_each(times, zone, type, rows,
                         [unit_seconds](TimeRows& source, std::size_t row) {
                           const std::int64_t utc = source.utc(row);
                           const std::int64_t day = start_of_day(source.cursor(), utc);
                           return day + (utc - day) / unit_seconds * unit_seconds;
                         });
  }
  return truncate_each(times, zone, type, rows, [unit_seconds](TimeRows& source, std::size_t row) {
    return floor_div(source.utc(row), unit_seconds) * unit_seconds;
  });
}

absl::StatusOr<ColumnPtr> truncate_fractions(const ColumnPtr& times, IntervalUnit unit,
                                             std::int64_t amount, const DataType& type,
                                             std::size_t rows) {
  const Numbers<std::int64_t> values(times);
  const std::int64_t from_units = power_of_ten(times->type.scale);
  const std::int64_t to_units = power_of_ten(type.scale);
  // A step in nanoseconds can be longer than 64 bits hold: then all times are in the first.
  const std::int64_t per_second = unit == IntervalUnit::Second ? 1 : power_of_ten(digits_of(unit));
  auto result = new_fixed(type, rows);
  auto* to = result->fixed<std::int64_t>().data();
  bool overflow = false;
  for (std::size_t row = 0; row < rows; ++row) {
    // In units of the finer of the column and the step.
    const std::int64_t finest = std::max(from_units, per_second);
    std::int64_t value = 0;
    std::int64_t step = 0;
    overflow |= __builtin_mul_overflow(values[row], finest / from_units, &value);
    if (__builtin_mul_overflow(amount, finest / per_second, &step)) step = INT64_MAX;
    const std::int64_t start = floor_div(value, step) * step;
    if (to_units >= finest) {
      overflow |= __builtin_mul_overflow(start, to_units / finest, &to[row]);
    } else {
      to[row] = floor_div(start, finest / to_units);
    }
  }
  if (overflow) return query_error(QueryErrorCode::DecimalOverflow, "DateTime64 convert overflow");
  return ColumnPtr(std::move(result));
}

absl::StatusOr<Resolved> to_start_of_interval(const Call& call) {
  if (!is_time(call.id(0))) return illegal_type(call, 0);
  if (call.id(1) != TypeId::Interval) return illegal_type(call, 1);
  const ColumnPtr& constant = call.arguments[1].constant;
  if (!constant) return argument_must_be_constant(call, 1);
  const std::int64_t amount = constant->fixed<std::int64_t>()[0];
  const IntervalUnit unit = call.type(1).unit;
  if (amount <= 0) {
    return query_error(QueryErrorCode::ArgumentOutOfBound,
                       "Value for 2nd argument of function toStartOfInterval must be positive");
  }
  if (call.size() > 2 && is_time(call.id(2))) return from_origin(call, unit, amount);
  return truncate(call, unit, amount, 0, 2);
}

absl::StatusOr<Resolved> date_trunc(const Call& call) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string name, constant_string(call, 0));
  const auto unit = interval_unit_of(name);
  if (!unit) {
    return query_error(QueryErrorCode::BadArguments,
                       joined({name, " doesn't look like datepart name in ", call.name}));
  }
  if (!is_time(call.id(1))) return illegal_type(call, 1);
  GRAPEVINE_ASSIGN_OR_RETURN(Resolved resolved, truncate(call, *unit, 1, 1, 2));
  if (call.id(1) != TypeId::DateTime64 || *unit > IntervalUnit::Day || is_below_second(*unit)) {
    return resolved;
  }
  // A DateTime64 stays one, of whole seconds.
  DataType type = resolved.type;
  type.id = TypeId::DateTime64;
  return Resolved{
      type,
      [type, kernel = std::move(resolved.kernel), facts = call.facts](
          std::span<const ColumnPtr> arguments, std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr moment, kernel(arguments, rows));
        return cast(moment, type, facts);
      }};
}

}  // namespace grapevine::sql
