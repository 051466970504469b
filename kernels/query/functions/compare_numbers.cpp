#include "kernels/query/functions/compare_numbers.hpp"

#include <cmath>
#include <utility>

#include "kernels/query/functions/numbers.hpp"

namespace grapevine::sql {
namespace {

template <typename Value>
void compare(Comparison comparison, const Numbers<Value>& left, const Numbers<Value>& right,
             std::size_t rows, std::uint8_t* result) {
  switch (comparison) {
    case Comparison::Equals:
      return compute_rows(left, right, rows, result, [](Value a, Value b) { return a == b; });
    case Comparison::NotEquals:
      return compute_rows(left, right, rows, result, [](Value a, Value b) { return a != b; });
    case Comparison::Less:
      return compute_rows(left, right, rows, result, [](Value a, Value b) { return a < b; });
    case Comparison::LessOrEquals:
      return compute_rows(left, right, rows, result, [](Value a, Value b) { return a <= b; });
    case Comparison::Greater:
    case Comparison::GreaterOrEquals:
      return compare(mirrored(comparison), right, left, rows, result);
  }
}

template <typename Left, typename Right>
void compare_mixed(Comparison comparison, const ColumnPtr& left, const ColumnPtr& right,
                   std::size_t rows, std::uint8_t* result) {
  compute_rows(Numbers<Left>(left), Numbers<Right>(right), rows, result,
               [comparison](Left a, Right b) { return holds(comparison, order_of(a, b)); });
}

// How a number's type is kept.
enum class Kind { Signed, Unsigned, Float };
Kind kind_of(TypeId id) {
  if (is_float(id)) return Kind::Float;
  const bool is_signed_kept = is_signed(id) || id == TypeId::DateTime64 || id == TypeId::Interval;
  return is_signed_kept ? Kind::Signed : Kind::Unsigned;
}

// The constant as the type of the other side, where that holds it exactly; else nullptr.
ColumnPtr fitted(const ColumnPtr& constant, TypeId id) {
  return with_value_type(constant->type.id, [&](auto from_zero) -> ColumnPtr {
    const auto value = constant->fixed<decltype(from_zero)>()[0];
    return with_value_type(id, [&](auto to_zero) -> ColumnPtr {
      using From = decltype(from_zero);
      using To = decltype(to_zero);
      const To converted = convert_number<To>(value);
      if constexpr (std::is_integral_v<From> && std::is_integral_v<To>) {
        if (!std::in_range<To>(value)) return nullptr;
      } else if constexpr (std::is_integral_v<From>) {
        if (order_of(std::int64_t{0} + convert_number<std::int64_t>(value),
                     static_cast<double>(converted)) != 0 ||
            !std::in_range<std::int64_t>(value)) {
          return nullptr;
        }
      } else if constexpr (std::is_integral_v<To>) {
        return nullptr;
      } else if (static_cast<double>(converted) != static_cast<double>(value)) {
        return nullptr;
      }
      return constant_fixed(plain(id), converted);
    });
  });
}

template <typename Integer>
int order_of_integer_and_float(Integer left, double right) {
  constexpr bool is_signed_integer = std::is_signed_v<Integer>;
  constexpr double kEnd = is_signed_integer ? 9223372036854775808.0 : 18446744073709551616.0;
  if (std::isnan(right)) return kUnordered;
  if (right >= kEnd) return -1;
  if (right < (is_signed_integer ? -kEnd : 0.0)) return 1;
  const auto whole = static_cast<Integer>(right);
  if (left != whole) return left < whole ? -1 : 1;
  const double rest = right - std::trunc(right);
  return rest > 0 ? -1 : rest < 0 ? 1 : 0;
}

}  // namespace

int order_of(std::uint64_t left, std::int64_t right) {
  if (right < 0) return 1;
  const auto other = static_cast<std::uint64_t>(right);
  return left < other ? -1 : left > other ? 1 : 0;
}

int order_of(std::int64_t left, double right) { return order_of_integer_and_float(left, right); }
int order_of(std::uint64_t left, double right) { return order_of_integer_and_float(left, right); }

Comparison mirrored(Comparison comparison) {
  switch (comparison) {
    case Comparison::Equals:
    case Comparison::NotEquals: return comparison;
    case Comparison::Less: return Comparison::Greater;
    case Comparison::LessOrEquals: return Comparison::GreaterOrEquals;
    case Comparison::Greater: return Comparison::Less;
    case Comparison::GreaterOrEquals: return Comparison::LessOrEquals;
  }
  return comparison;
}

ColumnPtr compare_numbers(Comparison comparison, const ColumnPtr& left, const ColumnPtr& right,
                          std::size_t rows) {
  const Kind a = kind_of(left->type.id);
  const Kind b = kind_of(right->type.id);
  const std::size_t a_bytes = width_of(left->type.id);
  const std::size_t b_bytes = width_of(right->type.id);
  if (a != b || a_bytes != b_bytes) {
    // Most often one side is a literal, which the other's type can hold: no wider pass is needed.
    if (right->constant) {
      if (ColumnPtr same = fitted(right, left->type.id)) {
        return compare_numbers(comparison, left, same, rows);
      }
    } else if (left->constant) {
      if (ColumnPtr same = fitted(left, right->type.id)) {
        return compare_numbers(comparison, same, right, rows);
      }
    }
  }
  auto result = new_fixed(plain(TypeId::UInt8), rows);
  auto* to = result->fixed<std::uint8_t>().data();
  if (a == b && a_bytes == b_bytes) {
    with_value_type(left->type.id, [&](auto zero) {
      using Value = decltype(zero);
      compare(comparison, Numbers<Value>(left), Numbers<Value>(right), rows, to);
    });
  } else if (a == Kind::Float || b == Kind::Float) {
    const auto is_exact = [](Kind kind, std::size_t bytes) {
      return kind == Kind::Float || bytes < 8;
    };
    if (is_exact(a, a_bytes) && is_exact(b, b_bytes)) {
      compare(comparison, Numbers<double>(left), Numbers<double>(right), rows, to);
    } else if (a == Kind::Float) {
      return compare_numbers(mirrored(comparison), right, left, rows);
    } else if (a == Kind::Signed) {
      compare_mixed<std::int64_t, double>(comparison, left, right, rows, to);
    } else {
      compare_mixed<std::uint64_t, double>(comparison, left, right, rows, to);
    }
  } else if (a == b && a == Kind::Unsigned) {
    compare(comparison, Numbers<std::uint64_t>(left), Numbers<std::uint64_t>(right), rows, to);
  } else if ((a == Kind::Signed || a_bytes < 8) && (b == Kind::Signed || b_bytes < 8)) {
    compare(comparison, Numbers<std::int64_t>(left), Numbers<std::int64_t>(right), rows, to);
  } else if (a == Kind::Unsigned) {
    compare_mixed<std::uint64_t, std::int64_t>(comparison, left, right, rows, to);
  } else {
    return compare_numbers(mirrored(comparison), right, left, rows);
  }
  return result;
}

}  // namespace grapevine::sql
