#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "kernels/query/functions/cast.hpp"
#include "kernels/query/functions/civil.hpp"
#include "kernels/query/functions/compare_numbers.hpp"
#include "kernels/query/functions/numbers.hpp"
#include "kernels/query/functions/zone.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

constexpr std::int64_t kDateTimeMax = std::numeric_limits<std::uint32_t>::max();
constexpr std::int64_t kLastSecond = 253'402'300'799;   // 9999-12-31 23:59:59.
constexpr std::int64_t kFirstSecond = -62'167'219'200;  // 0000-01-01 00:00:00.

using Made = std::shared_ptr<Column>;

Made like(const DataType& type, const Column& column) {
  return new_fixed(not_null(type), column.rows, column.constant);
}

// One pass: to[i] = convert(from[i]).
template <typename From, typename To, typename Convert>
Made converted(const ColumnPtr& column, const DataType& type, Convert convert) {
  Made result = like(type, *column);
  const Numbers<From> from(column);
  To* to = result->fixed<To>().data();
  for (std::size_t i = 0; i < column->stored(); ++i) to[i] = static_cast<To>(convert(from[i]));
  return result;
}

// Whether a number became another one on the way.
template <typename From, typename To>
bool is_same_number(From from, To to) {
  if constexpr (std::is_integral_v<From> && std::is_integral_v<To>) {
    return std::cmp_equal(from, to);
  } else if constexpr (std::is_floating_point_v<From> && std::is_floating_point_v<To>) {
    return std::isnan(from) || static_cast<double>(from) == static_cast<double>(to);
  } else if constexpr (std::is_floating_point_v<From>) {
    if constexpr (std::is_signed_v<To>) {
      return order_of(std::int64_t{to}, static_cast<double>(from)) == 0;
    } else {
      return order_of(std::uint64_t{to}, static_cast<double>(from)) == 0;
    }
  } else if constexpr (std::is_signed_v<From>) {
    return order_of(std::int64_t{from}, static_cast<double>(to)) == 0;
  } else {
    return order_of(std::uint64_t{from}, static_cast<double>(to)) == 0;
  }
}

absl::StatusOr<Made> to_number(const ColumnPtr& column, const DataType& type, bool exact,
                               std::vector<std::uint8_t>& failed) {
  if (type.id == TypeId::Bool) {
    Made result = like(type, *column);
    auto* to = result->fixed<std::uint8_t>().data();
    with_value_type(column->type.id, [&](auto zero) {
      const auto from = column->fixed<decltype(zero)>();
      for (std::size_t i = 0; i < from.size(); ++i) to[i] = from[i] != decltype(zero){0};
    });
    return result;
  }
  Made result = like(type, *column);
  bool some_not_finite = false;
  with_value_type(column->type.id, [&](auto from_zero) {
    using From = decltype(from_zero);
    const auto from = column->fixed<From>();
    with_value_type(type.id, [&](auto to_zero) {
      using To = decltype(to_zero);
      To* to = result->fixed<To>().data();
      for (std::size_t i = 0; i < from.size(); ++i) to[i] = convert_number<To>(from[i]);
      if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
        if (!exact) {
          for (std::size_t i = 0; i < from.size(); ++i) {
            some_not_finite |= !std::isfinite(from[i]) && !column->is_null(i);
          }
        }
      }
      if (exact) {
        for (std::size_t i = 0; i < from.size(); ++i) {
          if (!is_same_number(from[i], to[i])) {
            failed.resize(from.size());
            failed[i] = 1;
          }
        }
      }
    });
  });
  if (some_not_finite) {
    return query_error(QueryErrorCode::CannotConvertType,
                       "Unexpected inf or nan to integer conversion");
  }
  return result;
}

// A number as whole seconds within the range of a type.
template <typename Value>
std::int64_t clamped(Value value, std::int64_t low, std::int64_t high) {
  if constexpr (std::is_floating_point_v<Value>) {
    if (std::isnan(value)) return low;
    if (value >= static_cast<Value>(high)) return high;
    if (value <= static_cast<Value>(low)) return low;
    return static_cast<std::int64_t>(value);
  } else {
    if (std::cmp_greater(value, high)) return high;
    return std::cmp_less(value, low) ? low : static_cast<std::int64_t>(value);
  }
}

// Numbers are days below 65,536 and moments from there on.
absl::StatusOr<Made> number_to_date(const ColumnPtr& column, const DataType& type,
                                    const Zone& zone) {
  Made result = like(type, *column);
  auto* to = result->fixed<std::uint16_t>().data();
  ZoneCursor cursor(zone);
  with_value_type(column->type.id, [&](auto zero) {
    const auto from = column->fixed<decltype(zero)>();
    for (std::size_t i = 0; i < from.size(); ++i) {
      const std::int64_t value = clamped(from[i], 0, kDateTimeMax);
      const std::int64_t day =
          value < 65'536 ? value : floor_div(cursor.local_of(value), kSecondsOfDay);
      to[i] = static_cast<std::uint16_t>(std::min<std::int64_t>(day, 65'535));
    }
  });
  return result;
}

absl::StatusOr<Made> number_to_time64(const ColumnPtr& column, const DataType& type) {
  Made result = like(type, *column);
  auto* to = result->fixed<std::int64_t>().data();
  const std::int64_t units = power_of_ten(type.scale);
  // Nanoseconds reach from 1677 to 2262 only.
  const std::int64_t most = std::numeric_limits<std::int64_t>::max() / units;
  const std::int64_t high = std::min(kLastSecond, most);
  const std::int64_t low = std::max(kFirstSecond, -most);
  bool not_finite = false;
  with_value_type(column->type.id, [&](auto zero) {
    using Value = decltype(zero);
    const auto from = column->fixed<Value>();
    for (std::size_t i = 0; i < from.size(); ++i) {
      if constexpr (std::is_floating_point_v<Value>) {
        const auto value = static_cast<double>(from[i]);
        not_finite |= !std::isfinite(value) && !column->is_null(i);
        const std::int64_t whole = clamped(value, low, high);
        const bool inside = whole > low && whole < high;
        to[i] =
            inside ? static_cast<std::int64_t>(value * static_cast<double>(units)) : whole * units;
      } else {
        to[i] = clamped(from[i], low, high) * units;
      }
    }
  });
  if (not_finite) {
    return query_error(QueryErrorCode::DecimalOverflow,
                       "DateTime64 convert overflow. Cannot convert infinity or NaN to decimal");
  }
  return result;
}

absl::StatusOr<Made> time_to_time64(const ColumnPtr& column, const DataType& type,
                                    const Zone& zone) {
  const std::int64_t units = power_of_ten(type.scale);
  if (column->type.id == TypeId::DateTime64) {
    const std::int64_t from_units = power_of_ten(column->type.scale);
    if (units <= from_units) {
      return converted<std::int64_t, std::int64_t>(
          column, type, [by = from_units / units](std::int64_t value) { return value / by; });
    }
    bool overflow = false;
    Made result = converted<std::int64_t, std::int64_t>(
        column, type, [&, by = units / from_units](std::int64_t value) {
          std::int64_t product = 0;
          overflow |= __builtin_mul_overflow(value, by, &product);
          return product;
        });
    if (overflow)
      return query_error(QueryErrorCode::DecimalOverflow, "DateTime64 convert overflow");
    return result;
  }
  if (column->type.id == TypeId::DateTime) {
    return converted<std::int64_t, std::int64_t>(
        column, type, [units](std::int64_t value) { return value * units; });
  }
  ZoneCursor cursor(zone);
  return converted<std::int64_t, std::int64_t>(column, type, [&, units](std::int64_t day) {
    return cursor.utc_of(day * kSecondsOfDay) * units;
  });
}

absl::StatusOr<Made> to_time(const ColumnPtr& column, const DataType& type, const Zone& zone) {
  const DataType& from = column->type;
  if (!is_time(from.id)) {
    if (type.id == TypeId::Date) return number_to_date(column, type, zone);
    if (type.id == TypeId::DateTime64) return number_to_time64(column, type);
    Made result = like(type, *column);
    auto* to = result->fixed<std::uint32_t>().data();
    with_value_type(from.id, [&](auto zero) {
      const auto values = column->fixed<decltype(zero)>();
      for (std::size_t i = 0; i < values.size(); ++i) {
        to[i] = static_cast<std::uint32_t>(clamped(values[i], 0, kDateTimeMax));
      }
    });
    return result;
  }
  if (type.id == TypeId::DateTime64) return time_to_time64(column, type, zone);
  ZoneCursor cursor(zone);
  const std::int64_t units = power_of_ten(from.scale);
  if (type.id == TypeId::Date) {
    // West of Greenwich the first DateTimes are of 1969, which Date has not.
    const std::int64_t least = from.id == TypeId::DateTime ? 0 : -kSecondsOfDay * 365'000;
    return converted<std::int64_t, std::uint16_t>(column, type, [&](std::int64_t value) {
      return std::max(floor_div(cursor.local_of(floor_div(value, units)), kSecondsOfDay), least);
    });
  }
  if (from.id == TypeId::Date) {
    return converted<std::int64_t, std::uint32_t>(column, type, [&](std::int64_t day) {
      return std::clamp<std::int64_t>(cursor.utc_of(day * kSecondsOfDay), 0, kDateTimeMax);
    });
  }
  return converted<std::int64_t, std::uint32_t>(
      column, type, [units](std::int64_t value) { return floor_div(value, units); });
}

// Seconds of a DateTime64 as a number.
absl::StatusOr<Made> time64_to_number(const ColumnPtr& column, const DataType& type) {
  const std::int64_t units = power_of_ten(column->type.scale);
  if (is_float(type.id)) {
    Made seconds = converted<std::int64_t, double>(
        column, plain(TypeId::Float64), [units](std::int64_t value) {
          return static_cast<double>(value) / static_cast<double>(units);
        });
    std::vector<std::uint8_t> none;
    return to_number(seconds, type, false, none);
  }
  Made seconds = converted<std::int64_t, std::int64_t>(
      column, plain(TypeId::Int64), [units](std::int64_t value) { return value / units; });
  if (is_integer(type.id)) {
    const bool fits = with_value_type(type.id, [&](auto zero) {
      using Value = decltype(zero);
      if constexpr (std::is_integral_v<Value>) {
        const auto values = std::as_const(*seconds).fixed<std::int64_t>();
        for (std::size_t i = 0; i < values.size(); ++i) {
          if (!std::in_range<Value>(values[i]) && !column->is_null(i)) return false;
        }
      }
      return true;
    });
    if (!fits) return query_error(QueryErrorCode::DecimalOverflow, "Convert overflow");
  }
  std::vector<std::uint8_t> none;
  return to_number(seconds, type, false, none);
}

}  // namespace

absl::StatusOr<Made> cast_fixed(const ColumnPtr& column, const DataType& type,
                                const SessionFacts& facts, bool exact,
                                std::vector<std::uint8_t>& failed) {
  const TypeId from = column->type.id;
  if (is_time(type.id)) {
    // A day begins where the moment is shown; a moment's day is that of where it was shown.
    const bool to_day = type.id == TypeId::Date && from != TypeId::Date;
    GRAPEVINE_ASSIGN_OR_RETURN(const ZonePtr zone, zone_of(to_day ? column->type : type, facts));
    return to_time(column, type, *zone);
  }
  if (from == TypeId::DateTime64) return time64_to_number(column, type);
  return to_number(column, type, exact, failed);
}

}  // namespace grapevine::sql
