#include <bit>
#include <utility>

#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/number_types.hpp"
#include "kernels/query/functions/numbers.hpp"

namespace grapevine::sql {
namespace {

bool is_bits(TypeId id) { return is_integer(id) || id == TypeId::Bool; }

template <typename Compute>
Kernel bit_kernel(DataType type, Compute compute) {
  return [type = std::move(type), compute](std::span<const ColumnPtr> arguments, std::size_t rows) {
    auto result = new_fixed(type, rows);
    const auto fill = [&](auto zero) {
      using Value = decltype(zero);
      compute_rows(Numbers<Value>(arguments[0]), Numbers<Value>(arguments[1]), rows,
                   result->template fixed<Value>().data(), compute);
    };
    switch (width_of(type.id)) {
      case 1: fill(std::uint8_t{}); break;
      case 2: fill(std::uint16_t{}); break;
      case 4: fill(std::uint32_t{}); break;
      default: fill(std::uint64_t{});
    }
    return absl::StatusOr<ColumnPtr>(std::move(result));
  };
}

template <typename Compute>
absl::StatusOr<Resolved> of_two(const Call& call, Compute compute) {
  if (!is_bits(call.id(0)) || !is_bits(call.id(1))) return illegal_types(call);
  DataType type = plain(bits_type(call.id(0), call.id(1)));
  return Resolved{type, bit_kernel(type, compute)};
}

absl::StatusOr<Resolved> bit_and(const Call& call) {
  return of_two(call, [](auto a, auto b) { return static_cast<decltype(a)>(a & b); });
}
absl::StatusOr<Resolved> bit_or(const Call& call) {
  return of_two(call, [](auto a, auto b) { return static_cast<decltype(a)>(a | b); });
}
absl::StatusOr<Resolved> bit_xor(const Call& call) {
  return of_two(call, [](auto a, auto b) { return static_cast<decltype(a)>(a ^ b); });
}

// Shifts of the result's type; as far as its width or farther everything is gone.
template <typename Shift>
absl::StatusOr<Resolved> shift(const Call& call, Shift shift_by) {
  if (!is_bits(call.id(0)) || !is_bits(call.id(1))) return illegal_types(call);
  const DataType type = plain(bits_type(call.id(0), call.id(1)));
  const bool may_be_negative = is_signed(call.id(1));
  return Resolved{
      type,
      [=](std::span<const ColumnPtr> arguments, std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        auto result = new_fixed(type, rows);
        bool negative = false;
        with_value_type(type.id, [&](auto zero) {
          using Value = decltype(zero);
          if constexpr (std::is_integral_v<Value>) {
            compute_rows(Numbers<Value>(arguments[0]), Numbers<std::uint64_t>(arguments[1]), rows,
                         result->template fixed<Value>().data(), [&](Value a, std::uint64_t by) {
                           negative |= may_be_negative && static_cast<std::int64_t>(by) < 0;
                           return by >= 8 * sizeof(Value) ? Value{0} : shift_by(a, by);
                         });
          }
        });
        if (negative) {
          return query_error(QueryErrorCode::ArgumentOutOfBound,
                             "The number of shift positions needs to be a non-negative value");
        }
        return ColumnPtr(std::move(result));
      }};
}

absl::StatusOr<Resolved> shift_left(const Call& call) {
  return shift(call, [](auto value, std::uint64_t by) {
    return static_cast<decltype(value)>(static_cast<std::uint64_t>(value) << by);
  });
}
absl::StatusOr<Resolved> shift_right(const Call& call) {
  return shift(
      call, [](auto value, std::uint64_t by) { return static_cast<decltype(value)>(value >> by); });
}

absl::StatusOr<Resolved> bit_not(const Call& call) {
  if (!is_bits(call.id(0))) return illegal_type(call, 0);
  const DataType type = plain(bits_type(call.id(0), call.id(0)));
  return Resolved{type, [type](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    auto result = new_fixed(type, rows);
                    with_value_type(type.id, [&](auto zero) {
                      using Value = decltype(zero);
                      if constexpr (std::is_integral_v<Value>) {
                        const Numbers<Value> values(arguments[0]);
                        Value* to = result->fixed<Value>().data();
                        for (std::size_t row = 0; row < rows; ++row) {
                          to[row] = static_cast<Value>(~values[row]);
                        }
                      }
                    });
                    return absl::StatusOr<ColumnPtr>(std::move(result));
                  }};
}

absl::StatusOr<Resolved> bit_count(const Call& call) {
  const TypeId id = call.id(0);
  if (width_of(id) == 0 || id == TypeId::Nothing) return illegal_type(call, 0);
  return Resolved{
      plain(TypeId::UInt8), [id](std::span<const ColumnPtr> arguments, std::size_t rows) {
        auto result = new_fixed(plain(TypeId::UInt8), rows);
        auto* to = result->fixed<std::uint8_t>().data();
        const auto count = [&](auto zero) {
          const auto values = arguments[0]->fixed<decltype(zero)>();
          for (std::size_t row = 0; row < rows; ++row) {
            to[row] = static_cast<std::uint8_t>(std::popcount(values[arguments[0]->slot(row)]));
          }
        };
        switch (width_of(id)) {
          case 1: count(std::uint8_t{}); break;
          case 2: count(std::uint16_t{}); break;
          case 4: count(std::uint32_t{}); break;
          default: count(std::uint64_t{});
        }
        return absl::StatusOr<ColumnPtr>(std::move(result));
      }};
}

// The bits that are set as an array, each as its place or as the power of two that it stands for.
template <bool as_places>
absl::StatusOr<Resolved> bits_to_array(const Call& call) {
  if (call.id(0) == TypeId::Nothing) {
    const DataType nothing = nullable(plain(TypeId::Nothing));
    return Resolved{nothing, [nothing](std::span<const ColumnPtr>, std::size_t rows) {
                      return absl::StatusOr<ColumnPtr>(constant_null(nothing, rows));
                    }};
  }
  if (!is_bits(call.id(0))) return illegal_type(call, 0);
  const DataType element = as_places ? plain(TypeId::UInt64) : not_null(call.type(0));
  const DataType type = array_of(element);
  return Resolved{type, [type, element](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    const Numbers<std::uint64_t> numbers(arguments[0]);
                    const std::size_t width = 8 * width_of(arguments[0]->type.id);
                    const std::uint64_t known = ~std::uint64_t{0} >> (64 - width);
                    auto result = std::make_shared<Column>();
                    result->type = type;
                    result->rows = rows;
                    ArrayValues values;
                    std::vector<std::uint64_t> elements;
                    for (std::size_t row = 0; row < rows; ++row) {
                      std::uint64_t left = arguments[0]->is_null(row) ? 0 : numbers[row] & known;
                      for (; left != 0; left &= left - 1) {
                        elements.push_back(as_places
                                               ? static_cast<std::uint64_t>(std::countr_zero(left))
                                               : left & (~left + 1));
                      }
                      values.ends.push_back(elements.size());
                    }
                    auto column = new_fixed(element, elements.size());
                    with_value_type(element.id, [&](auto zero) {
                      using Value = decltype(zero);
                      const std::span<Value> to = column->template fixed<Value>();
                      for (std::size_t i = 0; i < to.size(); ++i) {
                        to[i] = static_cast<Value>(elements[i]);
                      }
                    });
                    values.elements = std::move(column);
                    result->values = std::move(values);
                    return absl::StatusOr<ColumnPtr>(std::move(result));
                  }};
}

constexpr auto kSkipped = Definition::Nulls::Skipped;
constexpr Definition kDefinitions[] = {
    {"bitAnd", bit_and, 2, 2},
    {"bitOr", bit_or, 2, 2},
    {"bitXor", bit_xor, 2, 2},
    {"bitNot", bit_not, 1, 1},
    {"bitShiftLeft", shift_left, 2, 2, kSkipped},
    {"bitShiftRight", shift_right, 2, 2, kSkipped},
    {"bitCount", bit_count, 1, 1},
    {"bitPositionsToArray", bits_to_array<true>, 1, 1, Definition::Nulls::Own},
    {"bitmaskToArray", bits_to_array<false>, 1, 1, Definition::Nulls::Own},
};

}  // namespace

std::span<const Definition> bit_functions() { return kDefinitions; }

}  // namespace grapevine::sql
