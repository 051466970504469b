// intDiv, modulo and what is made of them, gcd and lcm.
#include <bit>
#include <numeric>
#include <utility>

#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/number_types.hpp"
#include "kernels/query/functions/numbers.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

absl::Status by_zero() { return query_error(QueryErrorCode::IllegalDivision, "Division by zero"); }

absl::Status minimum_by_minus_one() {
  return query_error(QueryErrorCode::IllegalDivision,
                     "Division of minimal signed number by minus one");
}

bool are_numbers(const Call& call) { return is_numeric(call.id(0)) && is_numeric(call.id(1)); }

enum class AtZero { Fail, Zero };

// Why rows of a division failed; rows go on, so that the loop has no early end.
struct Failure {
  bool zero = false;
  bool minimum = false;

  [[nodiscard]] absl::Status status() const {
    if (zero) return by_zero();
    if (minimum) return minimum_by_minus_one();
    return absl::OkStatus();
  }
};

// The integers of a column as ClickHouse reads them next to a signed one: first as signed integers of
// their own width, so that 200 of UInt8 is -56.
Numbers<std::int64_t> as_signed(const ColumnPtr& column) {
  if (is_float(column->type.id)) return Numbers<std::int64_t>(column);
  auto same_bits = [&](auto zero) {
    using Value = decltype(zero);
    const Numbers<Value> values(column);
    auto result = new_fixed(plain(TypeId::Int64), column->rows, column->constant);
    auto* to = result->fixed<std::int64_t>().data();
    for (std::size_t i = 0; i < column->stored(); ++i) to[i] = values[i];
    return Numbers<std::int64_t>(std::move(result));
  };
  switch (width_of(column->type.id)) {
    case 1: return same_bits(std::int8_t{});
    case 2: return same_bits(std::int16_t{});
    case 4: return same_bits(std::int32_t{});
    default: return Numbers<std::int64_t>(column);
  }
}

// A column of 64-bit results as one of the result's type.
ColumnPtr narrowed(std::shared_ptr<Column> column, const DataType& type) {
  if (width_of(type.id) == 8) {
    column->type = type;
    return column;
  }
  auto result = new_fixed(type, column->rows);
  with_value_type(type.id, [&](auto zero) {
    using Value = decltype(zero);
    const auto from = std::as_const(*column).fixed<std::uint64_t>();
    Value* to = result->fixed<Value>().data();
    for (std::size_t row = 0; row < from.size(); ++row) to[row] = static_cast<Value>(from[row]);
  });
  return result;
}

// Integer division of floats: both ends are cut off first.
absl::StatusOr<ColumnPtr> divide_floats(std::span<const ColumnPtr> arguments, std::size_t rows,
                                        const DataType& type, bool zero_for_zero) {
  const Numbers<double> left(arguments[0]);
  const Numbers<double> right(arguments[1]);
  auto result = new_fixed(plain(TypeId::Int64), rows);
  auto* to = result->fixed<std::int64_t>().data();
  constexpr double kMax = 9223372036854775808.0;
  const double result_max = std::ldexp(1.0, static_cast<int>(8 * width_of(type.id)) - 1);
  for (std::size_t row = 0; row < rows; ++row) {
    const double a = left[row];
    const double b = right[row];
    if (zero_for_zero && b == 0) {
      to[row] = 0;
      continue;
    }
    if (!(std::abs(a) < kMax) || !(std::abs(b) < 2 * kMax)) {
      return query_error(QueryErrorCode::IllegalDivision,
                         "Cannot perform integer division on infinite or too large floating point "
                         "numbers");
    }
    const double quotient = std::trunc(a / b);
    if (!(std::abs(quotient) < result_max)) {
      return query_error(QueryErrorCode::IllegalDivision,
                         "Cannot perform integer division, because it will produce infinite or too "
                         "large number");
    }
    to[row] = static_cast<std::int64_t>(quotient);
  }
  return narrowed(std::move(result), type);
}

// The smallest value of the type that an operand is divided as.
std::int64_t minimum_of(std::size_t bytes) {
  return std::numeric_limits<std::int64_t>::min() >> (64 - 8 * bytes);
}

Kernel integer_division(TypeId left, TypeId right, DataType type, bool zero_for_zero) {
  const bool is_signed_division = is_signed(left) || is_signed(right);
  const std::int64_t minimum = minimum_of(width_of(left));
  return [=](std::span<const ColumnPtr> arguments, std::size_t rows) -> absl::StatusOr<ColumnPtr> {
    if (is_float(left) || is_float(right)) {
      return divide_floats(arguments, rows, type, zero_for_zero);
    }
    auto result = new_fixed(plain(TypeId::UInt64), rows);
    auto* to = result->fixed<std::uint64_t>().data();
    Failure failure;
    if (is_signed_division) {
      // A narrower right side becomes as wide as the left before its sign is looked at.
      const bool narrower = width_of(right) < width_of(left);
      compute_rows(as_signed(arguments[0]),
                   narrower ? Numbers<std::int64_t>(arguments[1]) : as_signed(arguments[1]), rows,
                   to, [&](std::int64_t a, std::int64_t b) {
                     const bool zero = b == 0;
                     const bool overflow = b == -1 && a == minimum;
                     failure.zero |= zero;
                     failure.minimum |= overflow;
                     return zero || overflow ? 0 : static_cast<std::uint64_t>(a / b);
                   });
    } else {
      compute_rows(Numbers<std::uint64_t>(arguments[0]), Numbers<std::uint64_t>(arguments[1]), rows,
                   to, [&](std::uint64_t a, std::uint64_t b) {
                     failure.zero |= b == 0;
                     return b == 0 ? 0 : a / b;
                   });
    }
    if (zero_for_zero) failure = {};
    if (absl::Status status = failure.status(); !status.ok()) return status;
    return narrowed(std::move(result), type);
  };
}

absl::StatusOr<Resolved> int_div(const Call& call) {
  if (!are_numbers(call)) return illegal_types(call);
  const DataType type = plain(quotient_type(call.id(0), call.id(1)));
  return Resolved{type, integer_division(call.id(0), call.id(1), type, false)};
}

absl::StatusOr<Resolved> int_div_or_zero(const Call& call) {
  if (!are_numbers(call)) return illegal_types(call);
  const DataType type = plain(quotient_type(call.id(0), call.id(1)));
  return Resolved{type, integer_division(call.id(0), call.id(1), type, true)};
}

// How C++ converts the operands of %: both as unsigned 64-bit integers if one is, else as signed ones.
bool is_unsigned_remainder(TypeId left, TypeId right) {
  const auto is_wide_unsigned = [](TypeId id, TypeId other) {
    if (is_signed(id) || is_float(id)) return false;
    if (width_of(id) == 8) return true;
    return width_of(id) == 4 && width_of(other) <= 4;
  };
  return is_wide_unsigned(left, right) || is_wide_unsigned(right, left);
}

template <bool positive>
Kernel remainder(TypeId left, TypeId right, DataType type, AtZero at_zero) {
  if (is_float(type.id)) {
    return [](std::span<const ColumnPtr> arguments, std::size_t rows) {
      auto result = new_fixed(plain(TypeId::Float64), rows);
      compute_rows(Numbers<double>(arguments[0]), Numbers<double>(arguments[1]), rows,
                   result->fixed<double>().data(), [](double a, double b) {
                     const double rest = std::fmod(a, b) + 0.0;  // -0.0 is 0.
                     return positive && rest < 0 ? rest + std::abs(b) : rest;
                   });
      return absl::StatusOr<ColumnPtr>(std::move(result));
    };
  }
  const bool is_unsigned = is_unsigned_remainder(left, right);
  // Operands of 32 bits are converted as such.
  const bool narrow = is_unsigned && width_of(left) <= 4 && width_of(right) <= 4;
  const std::int64_t minimum = minimum_of(width_of(left));
  const bool both_signed = is_signed(left) && is_signed(right);
  return [=](std::span<const ColumnPtr> arguments, std::size_t rows) -> absl::StatusOr<ColumnPtr> {
    auto result = new_fixed(plain(TypeId::UInt64), rows);
    auto* to = result->fixed<std::uint64_t>().data();
    Failure failure;
    if (is_unsigned) {
      const std::uint64_t mask = narrow ? 0xFFFF'FFFF : ~std::uint64_t{0};
      compute_rows(Numbers<std::uint64_t>(arguments[0]), Numbers<std::uint64_t>(arguments[1]), rows,
                   to, [&](std::uint64_t a, std::uint64_t b) {
                     failure.zero |= b == 0;
                     return b == 0 ? 0 : (a & mask) % (b & mask);
                   });
    } else {
      compute_rows(Numbers<std::int64_t>(arguments[0]), Numbers<std::int64_t>(arguments[1]), rows,
                   to, [&](std::int64_t a, std::int64_t b) {
                     failure.zero |= b == 0;
                     failure.minimum |= both_signed && b == -1 && a == minimum;
                     if (b == 0 || b == -1) return std::uint64_t{0};
                     const std::int64_t rest = a % b;
                     if (positive && rest < 0)
                       return static_cast<std::uint64_t>(b < 0 ? rest - b : rest + b);
                     return static_cast<std::uint64_t>(rest);
                   });
    }
    if (at_zero == AtZero::Zero) failure = {};
    if (absl::Status status = failure.status(); !status.ok()) return status;
    return narrowed(std::move(result), type);
  };
}

absl::StatusOr<Resolved> modulo_with(const Call& call, AtZero at_zero) {
  if (!are_numbers(call)) return illegal_types(call);
  const DataType type = plain(remainder_type(call.id(0), call.id(1)));
  return Resolved{type, remainder<false>(call.id(0), call.id(1), type, at_zero)};
}

absl::StatusOr<Resolved> modulo(const Call& call) { return modulo_with(call, AtZero::Fail); }
absl::StatusOr<Resolved> modulo_or_zero(const Call& call) {
  return modulo_with(call, AtZero::Zero);
}

absl::StatusOr<Resolved> positive_modulo(const Call& call) {
  if (!are_numbers(call)) return illegal_types(call);
  const TypeId id = remainder_type(call.id(0), call.id(1));
  const DataType type = is_float(id) ? plain(id) : plain(integer_of(width_of(call.id(1)), false));
  return Resolved{type, remainder<true>(call.id(0), call.id(1), type, AtZero::Fail)};
}

// Of absolute values as 64-bit unsigned ones.
template <typename Compute>
absl::StatusOr<Resolved> of_magnitudes(const Call& call, Compute compute) {
  for (std::size_t i = 0; i < 2; ++i) {
    if (!is_integer(call.id(i)) && call.id(i) != TypeId::Bool) return illegal_types(call);
  }
  const DataType type = plain(sum_type(call.id(0), call.id(1)));
  // Both sides as the result's type: signed if one is.
  const bool as_signed_values = is_signed(type.id);
  const auto magnitude = [as_signed_values](std::uint64_t bits) {
    return as_signed_values && static_cast<std::int64_t>(bits) < 0 ? 0 - bits : bits;
  };
  constexpr std::uint64_t kSignedMax = std::numeric_limits<std::int64_t>::max();
  return Resolved{
      type,
      [=](std::span<const ColumnPtr> arguments, std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        auto result = new_fixed(plain(TypeId::UInt64), rows);
        Failure failure;
        bool overflow = false;
        compute_rows(Numbers<std::uint64_t>(arguments[0]), Numbers<std::uint64_t>(arguments[1]),
                     rows, result->fixed<std::uint64_t>().data(),
                     [&](std::uint64_t a, std::uint64_t b) -> std::uint64_t {
                       failure.zero |= a == 0 || b == 0;
                       if (a == 0 || b == 0) return 0;
                       overflow |= as_signed_values &&
                                   (magnitude(a) >= kSignedMax || magnitude(b) >= kSignedMax);
                       return compute(magnitude(a), magnitude(b));
                     });
        if (overflow) {
          return query_error(QueryErrorCode::DecimalOverflow, "Intermediate result overflow");
        }
        if (absl::Status status = failure.status(); !status.ok()) return status;
        return narrowed(std::move(result), type);
      }};
}

absl::StatusOr<Resolved> gcd(const Call& call) {
  return of_magnitudes(call, [](std::uint64_t a, std::uint64_t b) { return std::gcd(a, b); });
}

absl::StatusOr<Resolved> lcm(const Call& call) {
  return of_magnitudes(call,
                       [](std::uint64_t a, std::uint64_t b) { return a / std::gcd(a, b) * b; });
}

constexpr auto kSkipped = Definition::Nulls::Skipped;
constexpr Definition kDefinitions[] = {
    {"intDiv", int_div, 2, 2, kSkipped},
    {"intDivOrZero", int_div_or_zero, 2, 2},
    {"modulo", modulo, 2, 2, kSkipped},
    {"moduloOrZero", modulo_or_zero, 2, 2},
    {"positiveModulo", positive_modulo, 2, 2, kSkipped},
    {"gcd", gcd, 2, 2, kSkipped},
    {"lcm", lcm, 2, 2, kSkipped},
};

}  // namespace

std::span<const Definition> division_functions() { return kDefinitions; }

}  // namespace grapevine::sql
