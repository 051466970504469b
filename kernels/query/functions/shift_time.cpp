#include "kernels/query/functions/shift_time.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "kernels/query/functions/civil.hpp"
#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/interval_units.hpp"
#include "kernels/query/functions/numbers.hpp"
#include "kernels/query/functions/own_column.hpp"
#include "kernels/query/functions/time_arithmetic.hpp"
#include "kernels/query/functions/time_rows.hpp"
#include "kernels/query/functions/zone.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// Farther than any time is kept, and far from overflow.
constexpr std::int64_t kDaysMax = 100'000'000;
constexpr std::int64_t kMonthsMax = 1'000'000;

std::int64_t wrapped_sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
std::int64_t wrapped_product(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
}

std::int64_t add_months(std::int64_t day, std::int64_t months) {
  const CivilDay civil = civil_of_day(day);
  const std::int64_t moved = civil.year * 12 + civil.month - 1 + months;
  const std::int64_t year = floor_div(moved, 12);
  const auto month = static_cast<std::int32_t>(moved - year * 12) + 1;
  return day_of_civil(year, month, std::min(civil.day, days_of_month(year, month)));
}

// The day so many units of a day or longer later.
std::int64_t add_to_day(std::int64_t day, std::int64_t amount, IntervalUnit unit) {
  switch (unit) {
    case IntervalUnit::Day: return day + std::clamp(amount, -kDaysMax, kDaysMax);
    case IntervalUnit::Week: return day + 7 * std::clamp(amount, -kDaysMax, kDaysMax);
    case IntervalUnit::Quarter:
      return add_months(day, 3 * std::clamp(amount, -kMonthsMax, kMonthsMax));
    case IntervalUnit::Year:
      return add_months(day, 12 * std::clamp(amount, -kMonthsMax, kMonthsMax));
    default: return add_months(day, std::clamp(amount, -kMonthsMax, kMonthsMax));
  }
}

bool is_calendar_unit(IntervalUnit unit) { return unit >= IntervalUnit::Month; }

absl::StatusOr<DataType> shifted_type(const DataType& time, IntervalUnit unit) {
  const int digits = digits_of(unit);
  DataType type = time;
  if (time.id == TypeId::Date && unit < IntervalUnit::Day) type.id = TypeId::DateTime;
  if (digits > 0) {
    type.id = TypeId::DateTime64;
    type.scale = static_cast<std::uint8_t>(std::max<int>(time.scale, digits));
  }
  return type;
}

using Amounts = Numbers<std::int64_t>;

ColumnPtr shift_dates(const ColumnPtr& column, const Amounts& amounts, std::int64_t sign,
                      IntervalUnit unit, std::size_t rows) {
  const Numbers<std::int64_t> days(column);
  auto result = new_fixed(plain(TypeId::Date), rows);
  auto* to = result->fixed<std::uint16_t>().data();
  for (std::size_t row = 0; row < rows; ++row) {
    const std::int64_t day = add_to_day(days[row], wrapped_product(amounts[row], sign), unit);
    // As ClickHouse's calendar does: months before 1970 end there, all else wraps around.
    to[row] =
        static_cast<std::uint16_t>(is_calendar_unit(unit) ? std::max<std::int64_t>(day, 0) : day);
  }
  return result;
}

// Of DateTime and DateTime64, whose values count units of 1 / `units` seconds.
template <typename Value>
void shift_moments(const Numbers<std::int64_t>& values, const Amounts& amounts, std::int64_t sign,
                   IntervalUnit unit, std::int64_t units, ZoneCursor cursor, std::size_t rows,
                   Value* to) {
  if (unit < IntervalUnit::Day) {
    const int digits = digits_of(unit);
    const std::int64_t factor =
        digits > 0 ? units / power_of_ten(digits) : seconds_of(unit) * units;
    for (std::size_t row = 0; row < rows; ++row) {
      to[row] = static_cast<Value>(
          wrapped_sum(values[row], wrapped_product(amounts[row], factor * sign)));
    }
    return;
  }
  for (std::size_t row = 0; row < rows; ++row) {
    const std::int64_t second = floor_div(values[row], units);
    const std::int64_t local = cursor.local_of(second);
    const std::int64_t day = floor_div(local, kSecondsOfDay);
    const std::int64_t moved = add_to_day(day, wrapped_product(amounts[row], sign), unit);
    std::int64_t utc = cursor.utc_of(moved * kSecondsOfDay + local - day * kSecondsOfDay);
    if (sizeof(Value) == 4 && is_calendar_unit(unit)) utc = std::max<std::int64_t>(utc, 0);
    to[row] =
        static_cast<Value>(wrapped_sum(wrapped_product(utc, units), values[row] - second * units));
  }
}

template <IntervalUnit unit, bool subtract>
absl::StatusOr<Resolved> shift_by(const Call& call) {
  return shift_time(call, 0, 1, unit, subtract);
}

// dateAdd('day', n, time) and dateAdd(time, interval).
template <bool subtract>
absl::StatusOr<Resolved> date_add(const Call& call) {
  if (call.size() == 2) return subtract ? subtract_times(call) : add_times(call);
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string name, constant_string(call, 0));
  const auto unit = interval_unit_of(name);
  if (!unit) {
    return query_error(QueryErrorCode::BadArguments,
                       joined({"Function ", call.name, " does not support '", name, "' unit"}));
  }
  return shift_time(call, 2, 1, *unit, subtract);
}

#define GRAPEVINE_SHIFTS(name)                                     \
  {"add" #name "s", shift_by<IntervalUnit::name, false>, 2, 2}, {  \
    "subtract" #name "s", shift_by<IntervalUnit::name, true>, 2, 2 \
  }
constexpr Definition kDefinitions[] = {
    GRAPEVINE_SHIFTS(Nanosecond),
    GRAPEVINE_SHIFTS(Microsecond),
    GRAPEVINE_SHIFTS(Millisecond),
    GRAPEVINE_SHIFTS(Second),
    GRAPEVINE_SHIFTS(Minute),
    GRAPEVINE_SHIFTS(Hour),
    GRAPEVINE_SHIFTS(Day),
    GRAPEVINE_SHIFTS(Week),
    GRAPEVINE_SHIFTS(Month),
    GRAPEVINE_SHIFTS(Quarter),
    GRAPEVINE_SHIFTS(Year),
    {"dateAdd", date_add<false>, 2, 3},
    {"dateSub", date_add<true>, 2, 3},
    {"date_add", date_add<false>, 2, 3},
    {"date_sub", date_add<true>, 2, 3},
    {"timestampAdd", date_add<false>, 2, 3},
    {"timestampSub", date_add<true>, 2, 3},
    {"timestamp_add", date_add<false>, 2, 3},
    {"timestamp_sub", date_add<true>, 2, 3},
    {"addDate", date_add<false>, 2, 2},
    {"subDate", date_add<true>, 2, 2},
    {"addInterval", date_add<false>, 2, 2},
    {"subtractInterval", date_add<true>, 2, 2},
};
#undef GRAPEVINE_SHIFTS

}  // namespace

absl::StatusOr<Resolved> shift_time(const Call& call, std::size_t time_argument,
                                    std::size_t amount_argument, IntervalUnit unit, bool subtract) {
  DataType time = not_null(call.type(time_argument));
  const TypeId amount = call.id(amount_argument);
  if (!is_numeric(amount) && amount != TypeId::Interval) return illegal_type(call, amount_argument);
  // A text is a moment of milliseconds.
  const bool read = time.id == TypeId::String;
  if (read) {
    time = plain(TypeId::DateTime64);
    time.scale = 3;
  }
  if (!is_time(time.id)) return illegal_type(call, time_argument);
  if (time.id == TypeId::Date && is_below_second(unit)) return illegal_types(call);
  GRAPEVINE_ASSIGN_OR_RETURN(const DataType type, shifted_type(time, unit));
  GRAPEVINE_ASSIGN_OR_RETURN(const ZonePtr zone, zone_of(type, call.facts));
  const std::int64_t sign = subtract ? -1 : 1;
  return Resolved{type,
                  [=, facts = call.facts](std::span<const ColumnPtr> arguments,
                                          std::size_t rows) -> absl::StatusOr<ColumnPtr> {
                    ColumnPtr moments = arguments[time_argument];
                    const bool may_be_null = moments->type.nullable;
                    if (not_null(moments->type) != type) {
                      GRAPEVINE_ASSIGN_OR_RETURN(
                          moments, cast(moments, may_be_null ? nullable(type) : type, facts));
                    }
                    const Amounts amounts(arguments[amount_argument]);
                    if (type.id == TypeId::Date) {
                      return shift_dates(moments, amounts, sign, unit, rows);
                    }
                    auto result = new_fixed(type, rows);
                    const Numbers<std::int64_t> values(moments);
                    const std::int64_t units = power_of_ten(type.scale);
                    if (type.id == TypeId::DateTime) {
                      shift_moments(values, amounts, sign, unit, units, ZoneCursor(*zone), rows,
                                    result->fixed<std::uint32_t>().data());
                    } else {
                      shift_moments(values, amounts, sign, unit, units, ZoneCursor(*zone), rows,
                                    result->fixed<std::int64_t>().data());
                    }
                    return ColumnPtr(std::move(result));
                  }};
}

std::span<const Definition> time_shift_functions() { return kDefinitions; }

}  // namespace grapevine::sql
