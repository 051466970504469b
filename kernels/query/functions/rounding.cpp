// round, floor, ceil and trunc to so many digits after the point, or before it where that is negative.
#include <cmath>
#include <limits>
#include <utility>

#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/numbers.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

enum class Rounding { Nearest, NearestEven, Floor, Ceil, Trunc };

template <Rounding rounding>
double rounded(double value) {
  switch (rounding) {
    case Rounding::Nearest:
    case Rounding::NearestEven: return std::nearbyint(value);  // Halves go to the even one.
    case Rounding::Floor: return std::floor(value);
    case Rounding::Ceil: return std::ceil(value);
    case Rounding::Trunc: return std::trunc(value);
  }
  return value;
}

// A multiple of `unit`, which is a power of ten. Wraps around where it is beyond 64 bits.
template <Rounding rounding>
std::int64_t rounded(std::int64_t value, std::int64_t unit) {
  const std::int64_t whole = value / unit;
  const std::int64_t rest = value % unit;
  const bool negative = rest < 0;
  const std::int64_t beyond = negative ? -rest : rest;
  bool away = false;
  switch (rounding) {
    case Rounding::Nearest: away = beyond >= unit - beyond; break;
    case Rounding::NearestEven:
      away = beyond > unit - beyond || (beyond == unit - beyond && whole % 2 != 0);
      break;
    case Rounding::Floor: away = negative; break;
    case Rounding::Ceil: away = rest > 0; break;
    case Rounding::Trunc: break;
  }
  const std::int64_t step = !away ? 0 : value < 0 ? -1 : 1;
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(whole + step) *
                                   static_cast<std::uint64_t>(unit));
}

template <Rounding rounding>
std::uint64_t rounded_unsigned(std::uint64_t value, std::uint64_t unit) {
  const std::uint64_t whole = value / unit;
  const std::uint64_t rest = value % unit;
  bool away = false;
  switch (rounding) {
    case Rounding::Nearest: away = rest >= unit - rest; break;
    case Rounding::NearestEven:
      away = rest > unit - rest || (rest == unit - rest && whole % 2 != 0);
      break;
    case Rounding::Ceil: away = rest > 0; break;
    case Rounding::Floor:
    case Rounding::Trunc: break;
  }
  return (whole + (away ? 1 : 0)) * unit;
}

template <Rounding rounding, typename Value>
void round_floats(const Numbers<Value>& values, std::int64_t digits, std::size_t rows, Value* to) {
  const double scale =
      std::pow(10.0, static_cast<double>(std::min<std::int64_t>(std::abs(digits), 300)));
  for (std::size_t row = 0; row < rows; ++row) {
    const auto value = static_cast<double>(values[row]);
    if (digits == 0) {
      to[row] = static_cast<Value>(rounded<rounding>(value));
    } else if (digits > 0) {
      const auto scaled = static_cast<Value>(value * scale);
      // Beyond the largest number there is nothing to round.
      to[row] = std::isfinite(scaled) ? static_cast<Value>(rounded<rounding>(scaled) / scale)
                                      : values[row];
    } else {
      to[row] = static_cast<Value>(rounded<rounding>(static_cast<Value>(value / scale)) * scale);
    }
  }
}

template <Rounding rounding>
absl::StatusOr<Resolved> round(const Call& call) {
  const TypeId id = call.id(0);
  if (!is_numeric(id)) return illegal_type(call, 0);
  std::int64_t digits = 0;
  if (call.size() > 1) {
    GRAPEVINE_ASSIGN_OR_RETURN(digits, constant_integer(call, 1));
    if (digits > 32'767 || digits < -32'768) {
      return query_error(QueryErrorCode::ArgumentOutOfBound,
                         "Scale argument for rounding function is too large");
    }
  }
  const DataType type = plain(id == TypeId::Bool ? TypeId::UInt8 : id);
  if (!is_float(id) && digits >= 0 && id != TypeId::Bool) {
    return Resolved{type, [](std::span<const ColumnPtr> arguments, std::size_t) {
                      return absl::StatusOr<ColumnPtr>(arguments[0]);
                    }};
  }
  return Resolved{
      type, [type, digits](std::span<const ColumnPtr> arguments, std::size_t rows) {
        auto result = new_fixed(type, rows);
        with_value_type(type.id, [&](auto zero) {
          using Value = decltype(zero);
          Value* to = result->fixed<Value>().data();
          const Numbers<Value> values(arguments[0]);
          if constexpr (std::is_floating_point_v<Value>) {
            round_floats<rounding>(values, digits, rows, to);
          } else {
            // The powers of ten that 64 bits hold.
            const bool zeros = digits < -18;
            std::int64_t unit = 1;
            for (std::int64_t i = digits; i < 0 && !zeros; ++i) unit *= 10;
            for (std::size_t row = 0; row < rows; ++row) {
              if (zeros) {
                to[row] = 0;
              } else if constexpr (std::is_signed_v<Value>) {
                to[row] = static_cast<Value>(rounded<rounding>(std::int64_t{values[row]}, unit));
              } else {
                to[row] = static_cast<Value>(
                    rounded_unsigned<rounding>(values[row], static_cast<std::uint64_t>(unit)));
              }
            }
          }
        });
        return absl::StatusOr<ColumnPtr>(std::move(result));
      }};
}

constexpr Definition kDefinitions[] = {
    {"round", round<Rounding::Nearest>, 1, 2}, {"roundBankers", round<Rounding::NearestEven>, 1, 2},
    {"floor", round<Rounding::Floor>, 1, 2},   {"ceil", round<Rounding::Ceil>, 1, 2},
    {"trunc", round<Rounding::Trunc>, 1, 2},
};

}  // namespace

std::span<const Definition> rounding_functions() { return kDefinitions; }

}  // namespace grapevine::sql
