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

// A multiple of `unit`, which is a power of ten that the type holds. What is beyond the type wraps
// around on the way, step by step as in ClickHouse.
template <Rounding rounding, typename Value>
Value rounded_integer(Value value, Value unit) {
  using Bits = std::uint64_t;
  const auto wrapped = [](Bits bits) { return static_cast<Value>(bits); };
  if constexpr (rounding == Rounding::Floor || rounding == Rounding::Ceil) {
    const bool below = value < Value{0};
    if (below && rounding == Rounding::Floor) value = wrapped(Bits(value) - Bits(unit) + 1);
    if (!below && rounding == Rounding::Ceil) value = wrapped(Bits(value) + Bits(unit) - 1);
    return wrapped(Bits(value / unit) * Bits(unit));
  } else if constexpr (rounding == Rounding::Trunc) {
    return wrapped(Bits(value / unit) * Bits(unit));
  } else {
    const bool negative = value < Value{0};
    if (negative) value = wrapped(0 - Bits(value));
    // Of 8 and 16 bits the sum does not wrap, as in C++.
    const auto half = static_cast<std::int64_t>(unit / 2);
    using Wide = std::conditional_t<sizeof(Value) == 8, Value, std::int64_t>;
    const auto sum = static_cast<Wide>(Bits(value) + Bits(half));
    auto quotient = static_cast<Wide>(sum / static_cast<Wide>(unit));
    if (rounding == Rounding::NearestEven && quotient % 2 != 0 &&
        static_cast<Wide>(Bits(quotient) * Bits(unit)) == sum) {
      quotient = static_cast<Wide>(quotient - 1);
    }
    value = wrapped(Bits(quotient) * Bits(unit));
    return negative ? wrapped(0 - Bits(value)) : value;
  }
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
  return Resolved{type, [type, digits](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    auto result = new_fixed(type, rows);
                    with_value_type(type.id, [&](auto zero) {
                      using Value = decltype(zero);
                      Value* to = result->fixed<Value>().data();
                      const Numbers<Value> values(arguments[0]);
                      if constexpr (std::is_floating_point_v<Value>) {
                        round_floats<rounding>(values, digits, rows, to);
                      } else {
                        // Digits that the type does not have are all there is.
                        const std::int64_t digits_max = std::numeric_limits<Value>::digits10;
                        Value unit = 1;
                        for (std::int64_t i = digits; i < 0 && -digits <= digits_max; ++i) {
                          unit = static_cast<Value>(unit * 10);
                        }
                        for (std::size_t row = 0; row < rows; ++row) {
                          to[row] = -digits > digits_max
                                        ? Value{0}
                                        : rounded_integer<rounding>(values[row], unit);
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
