// plus, minus, multiply, divide, negate and abs of numbers; times and intervals go to time_arithmetic.
#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/number_types.hpp"
#include "kernels/query/functions/numbers.hpp"
#include "kernels/query/functions/time_arithmetic.hpp"
#include "kernels/query/functions/tuple_arithmetic.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

enum class Operation { Plus, Minus, Multiply };

// Of unsigned integers, whatever the sign: the bits of the result are the same, and wrapping around
// is defined. Widths below int would be multiplied as ints: hence the cast.
template <Operation operation, typename Value>
void compute(std::span<const ColumnPtr> arguments, std::size_t rows, Value* result) {
  const Numbers<Value> left(arguments[0]);
  const Numbers<Value> right(arguments[1]);
  using Wide = std::conditional_t<std::is_floating_point_v<Value>, Value, std::uint64_t>;
  compute_rows(left, right, rows, result, [](Value a, Value b) {
    if constexpr (operation == Operation::Plus) return static_cast<Value>(Wide{a} + Wide{b});
    if constexpr (operation == Operation::Minus) return static_cast<Value>(Wide{a} - Wide{b});
    return static_cast<Value>(Wide{a} * Wide{b});
  });
}

template <Operation operation>
Resolved number_operation(TypeId result_id) {
  const DataType type = plain(result_id);
  return {type, [type](std::span<const ColumnPtr> arguments, std::size_t rows) {
            auto result = new_fixed(type, rows);
            const auto fill = [&](auto zero) {
              using Value = decltype(zero);
              compute<operation>(arguments, rows, result->fixed<Value>().data());
            };
            switch (width_of(type.id)) {
              case 1: fill(std::uint8_t{}); break;
              case 2: fill(std::uint16_t{}); break;
              case 4: fill(std::uint32_t{}); break;
              default:
                if (is_float(type.id)) {
                  fill(double{});
                } else {
                  fill(std::uint64_t{});
                }
            }
            return absl::StatusOr<ColumnPtr>(std::move(result));
          }};
}

bool are_numbers(const Call& call) { return is_numeric(call.id(0)) && is_numeric(call.id(1)); }

absl::StatusOr<Resolved> plus(const Call& call) {
  if (are_numbers(call)) {
    return number_operation<Operation::Plus>(sum_type(call.id(0), call.id(1)));
  }
  if (is_nested_arithmetic(call)) return nested_arithmetic(call);
  return add_times(call);
}

absl::StatusOr<Resolved> minus(const Call& call) {
  if (are_numbers(call)) {
    return number_operation<Operation::Minus>(difference_type(call.id(0), call.id(1)));
  }
  if (is_nested_arithmetic(call)) return nested_arithmetic(call);
  return subtract_times(call);
}

absl::StatusOr<Resolved> multiply(const Call& call) {
  if (is_nested_arithmetic(call)) return nested_arithmetic(call);
  if (!are_numbers(call)) return illegal_types(call);
  return number_operation<Operation::Multiply>(sum_type(call.id(0), call.id(1)));
}

absl::StatusOr<Resolved> divide(const Call& call) {
  if (is_nested_arithmetic(call)) return nested_arithmetic(call);
  if (!are_numbers(call)) return illegal_types(call);
  return Resolved{
      plain(TypeId::Float64), [](std::span<const ColumnPtr> arguments, std::size_t rows) {
        auto result = new_fixed(plain(TypeId::Float64), rows);
        compute_rows(Numbers<double>(arguments[0]), Numbers<double>(arguments[1]), rows,
                     result->fixed<double>().data(), [](double a, double b) { return a / b; });
        return absl::StatusOr<ColumnPtr>(std::move(result));
      }};
}

// Calls with one number: result[row] = compute(value), both of types that follow from the argument's.
template <typename Compute>
Kernel unary(DataType type, Compute compute) {
  return [type = std::move(type), compute](std::span<const ColumnPtr> arguments, std::size_t rows) {
    auto result = new_fixed(type, rows);
    with_value_type(type.id, [&](auto zero) {
      using Value = decltype(zero);
      const Numbers<Value> values(arguments[0]);
      Value* to = result->template fixed<Value>().data();
      for (std::size_t row = 0; row < rows; ++row) to[row] = compute(values[row]);
    });
    return absl::StatusOr<ColumnPtr>(std::move(result));
  };
}

absl::StatusOr<Resolved> negate(const Call& call) {
  const TypeId id = call.id(0);
  if (id != TypeId::Interval && !is_numeric(id)) return illegal_type(call, 0);
  DataType type = call.type(0);
  if (!is_float(id) && !is_signed(id) && id != TypeId::Interval) {
    type = plain(integer_of(std::min<std::size_t>(width_of(id) * 2, 8), true));
  }
  const auto compute = [](auto value) {
    using Value = decltype(value);
    if constexpr (std::is_floating_point_v<Value>) {
      return -value;
    } else {
      return static_cast<Value>(std::uint64_t{0} - static_cast<std::uint64_t>(value));
    }
  };
  return Resolved{type, unary(type, compute)};
}

absl::StatusOr<Resolved> abs(const Call& call) {
  const TypeId id = call.id(0);
  if (!is_numeric(id)) return illegal_type(call, 0);
  if (is_float(id)) {
    return Resolved{call.type(0), unary(call.type(0), [](auto value) {
                      using Value = decltype(value);
                      return static_cast<Value>(std::abs(static_cast<double>(value)));
                    })};
  }
  const DataType type = plain(integer_of(width_of(id), false));
  return Resolved{type, [type, id](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    auto result = new_fixed(type, rows);
                    with_value_type(type.id, [&](auto zero) {
                      using Value = decltype(zero);
                      const Numbers<std::int64_t> values(arguments[0]);
                      Value* to = result->fixed<Value>().data();
                      for (std::size_t row = 0; row < rows; ++row) {
                        const auto bits = static_cast<std::uint64_t>(values[row]);
                        const bool negative = is_signed(id) && values[row] < 0;
                        to[row] = static_cast<Value>(negative ? 0 - bits : bits);
                      }
                    });
                    return absl::StatusOr<ColumnPtr>(std::move(result));
                  }};
}

constexpr Definition kDefinitions[] = {
    {"plus", plus, 2, 2},     {"minus", minus, 2, 2},   {"multiply", multiply, 2, 2},
    {"divide", divide, 2, 2}, {"negate", negate, 1, 1}, {"abs", abs, 1, 1},
};

}  // namespace

std::span<const Definition> arithmetic_functions() { return kDefinitions; }

}  // namespace grapevine::sql
