// Sums, differences and numbers of elements along arrays, and arrays of other lengths.
#include <algorithm>
#include <numeric>
#include <utility>

#include "kernels/query/functions/arrays.hpp"
#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/number_types.hpp"
#include "kernels/query/functions/numbers.hpp"
#include "kernels/query/functions/own_column.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

absl::StatusOr<TypeId> element_of(const Call& call) {
  if (call.id(0) != TypeId::Array) return illegal_type(call, 0);
  const DataType& element = call.type(0).elements[0];
  if (element.nullable) return illegal_type(call, 0);
  return element.id;
}

// Arrays of numbers of the same lengths: run(values, range, to) writes those of one row.
template <typename Run>
Resolved numbers_of(TypeId id, Run run) {
  const DataType type = array_of(plain(id));
  return {type, [type, id, run](std::span<const ColumnPtr> arguments, std::size_t rows) {
            const ColumnPtr arrays = full(arguments[0]);
            const ColumnPtr elements = full(arrays->array().elements);
            std::vector<std::uint64_t> ends = arrays->array().ends;
            auto values = new_fixed(plain(id), ends.empty() ? 0 : ends.back());
            const auto write = [&](auto zero) {
              using Value = decltype(zero);
              const Numbers<Value> from(elements);
              Value* to = values->template fixed<Value>().data();
              for (std::size_t row = 0; row < rows; ++row) {
                run(from, elements_of(*arrays, row), to);
              }
            };
            switch (id) {
              case TypeId::Float64: write(double{}); break;
              case TypeId::Int16: write(std::int16_t{}); break;
              case TypeId::Int32: write(std::int32_t{}); break;
              case TypeId::Int64: write(std::int64_t{}); break;
              default: write(std::uint64_t{}); break;
            }
            return absl::StatusOr<ColumnPtr>(array_column(type, std::move(ends), values));
          }};
}

// Integers wrap around.
template <typename Value>
Value sum_of(Value a, Value b) {
  if constexpr (std::is_floating_point_v<Value>) {
    return a + b;
  } else {
    return static_cast<Value>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
  }
}

template <bool non_negative>
absl::StatusOr<Resolved> running_sum(const Call& call) {
  GRAPEVINE_ASSIGN_OR_RETURN(const TypeId element, element_of(call));
  if (!is_numeric(element)) return illegal_type(call, 0);
  const TypeId id = is_float(element) ? TypeId::Float64 : integer_of(8, is_signed(element));
  return numbers_of(id, [](const auto& from, const ElementRange& range, auto* to) {
    auto sum = std::remove_pointer_t<decltype(to)>{};
    for (std::size_t i = range.begin; i < range.end; ++i) {
      sum = sum_of(sum, from[i]);
      if (non_negative && sum < 0) sum = 0;
      to[i] = sum;
    }
  });
}

absl::StatusOr<Resolved> differences(const Call& call) {
  GRAPEVINE_ASSIGN_OR_RETURN(const TypeId element, element_of(call));
  if (!is_numeric(element) && element != TypeId::Date && element != TypeId::DateTime) {
    return illegal_type(call, 0);
  }
  const std::size_t width = std::min<std::size_t>(2 * width_of(element), 8);
  const TypeId id = is_float(element) ? TypeId::Float64 : integer_of(width, true);
  return numbers_of(id, [](const auto& from, const ElementRange& range, auto* to) {
    using Value = std::remove_pointer_t<decltype(to)>;
    for (std::size_t i = range.begin; i < range.end; ++i) {
      if (i == range.begin) {
        to[i] = Value{};
      } else if constexpr (std::is_floating_point_v<Value>) {
        to[i] = from[i] - from[i - 1];
      } else {
        to[i] = static_cast<Value>(static_cast<std::uint64_t>(from[i]) -
                                   static_cast<std::uint64_t>(from[i - 1]));
      }
    }
  });
}

absl::StatusOr<Resolved> product(const Call& call) {
  GRAPEVINE_ASSIGN_OR_RETURN(const TypeId element, element_of(call));
  if (!is_numeric(element)) return illegal_type(call, 0);
  return Resolved{plain(TypeId::Float64),
                  [](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    const Numbers<double> values(full(arguments[0]->array().elements));
                    auto result = new_fixed(plain(TypeId::Float64), rows);
                    auto* to = result->fixed<double>().data();
                    for (std::size_t row = 0; row < rows; ++row) {
                      const ElementRange range = elements_of(*arguments[0], row);
                      to[row] = range.size() == 0 ? 0 : 1;  // As ClickHouse has it.
                      for (std::size_t i = range.begin; i < range.end; ++i) to[row] *= values[i];
                    }
                    return absl::StatusOr<ColumnPtr>(std::move(result));
                  }};
}

// (array, size[, filling]): cut at the end, or where the size is negative at the beginning.
absl::StatusOr<Resolved> resize(const Call& call) {
  if (call.id(0) != TypeId::Array) return illegal_type(call, 0);
  if (!is_integer(call.id(1)) || call.type(1).nullable) return illegal_type(call, 1);
  DataType element = call.type(0).elements[0];
  if (call.size() == 3) {
    GRAPEVINE_ASSIGN_OR_RETURN(element, common_type({element, call.type(2)}));
  }
  const DataType type = array_of(element);
  return Resolved{
      type,
      [type, element, facts = call.facts](std::span<const ColumnPtr> arguments,
                                          std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr arrays, cast(arguments[0], type, facts));
        ColumnPtr elements = full(arrays->array().elements);
        const std::size_t fillings = elements->rows;
        if (arguments.size() == 3) {
          GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr filling, cast(arguments[2], element, facts));
          const ColumnPtr both[] = {elements, full(filling)};
          elements = concatenate(element, both);
        }
        const Numbers<std::int64_t> sizes(arguments[1]);
        PickedArrays picked(rows);
        for (std::size_t row = 0; row < rows; ++row) {
          const ElementRange range = elements_of(*arrays, row);
          const std::int64_t wanted = sizes[row];
          const std::uint64_t size = wanted < 0 ? 0 - static_cast<std::uint64_t>(wanted)
                                                : static_cast<std::uint64_t>(wanted);
          if (size > kElementsMax || picked.size() + size > kElementsMax)
            return too_many_elements();
          const std::size_t kept = std::min<std::size_t>(size, range.size());
          const auto fill = [&] {
            for (std::size_t i = kept; i < size; ++i) {
              arguments.size() == 3 ? picked.add(fillings + row) : picked.add_missing();
            }
          };
          if (wanted < 0) fill();
          const std::size_t begin = wanted < 0 ? range.end - kept : range.begin;
          for (std::size_t i = 0; i < kept; ++i) picked.add(begin + i);
          if (wanted >= 0) fill();
          picked.end_row();
        }
        return std::move(picked).finish(type, elements);
      }};
}

absl::StatusOr<Resolved> with_constant(const Call& call) {
  if (!is_integer(call.id(0)) || call.type(0).nullable) return illegal_type(call, 0);
  const DataType type = array_of(call.type(1));
  return Resolved{
      type,
      [type](std::span<const ColumnPtr> arguments, std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        const Numbers<std::int64_t> sizes(arguments[0]);
        const bool constant = arguments[1]->constant;
        PickedArrays picked(rows);
        for (std::size_t row = 0; row < rows; ++row) {
          const std::int64_t size = sizes[row];
          if (size < 0 || static_cast<std::uint64_t>(size) > kElementsMax ||
              picked.size() + static_cast<std::size_t>(size) > kElementsMax) {
            return too_many_elements();
          }
          for (std::int64_t i = 0; i < size; ++i) picked.add(constant ? 0 : row);
          picked.end_row();
        }
        const ColumnPtr values = constant ? full(resized(arguments[1], 1)) : arguments[1];
        return std::move(picked).finish(type, values);
      }};
}

absl::StatusOr<Resolved> element_or_null(const Call& call) {
  if (call.id(0) != TypeId::Array) return illegal_type(call, 0);
  if (!is_integer(call.id(1))) return illegal_type(call, 1);
  const DataType type = nullable(call.type(0).elements[0]);
  return Resolved{
      type, [type](std::span<const ColumnPtr> arguments, std::size_t rows) {
        const Numbers<std::int64_t> indices(arguments[1]);
        const bool is_unsigned = arguments[1]->type.id == TypeId::UInt64;
        std::vector<std::uint32_t> places(rows, kNoRow);
        for (std::size_t row = 0; row < rows; ++row) {
          const ElementRange range = elements_of(*arguments[0], row);
          const std::int64_t index = indices[row];
          const auto size = static_cast<std::int64_t>(range.size());
          if (arguments[1]->is_null(row) || (is_unsigned && index < 0)) continue;
          if (index > 0 && index <= size) {
            places[row] =
                static_cast<std::uint32_t>(range.begin + static_cast<std::size_t>(index) - 1);
          } else if (index < 0 && index >= -size) {
            places[row] = static_cast<std::uint32_t>(range.end - static_cast<std::size_t>(-index));
          }
        }
        ColumnPtr elements = full(arguments[0]->array().elements);
        if (elements->type != type) elements = concatenate(type, {&elements, 1});
        return absl::StatusOr<ColumnPtr>(gather(elements, places));
      }};
}

constexpr auto kOwn = Definition::Nulls::Own;
constexpr Definition kDefinitions[] = {
    {"arrayCumSum", running_sum<false>, 1, 1, kOwn},
    {"arrayCumSumNonNegative", running_sum<true>, 1, 1, kOwn},
    {"arrayDifference", differences, 1, 1, kOwn},
    {"arrayProduct", product, 1, 1, kOwn},
    {"arrayResize", resize, 2, 3, kOwn},
    {"arrayWithConstant", with_constant, 2, 2, kOwn},
    {"arrayElementOrNull", element_or_null, 2, 2, kOwn},
};

}  // namespace

std::span<const Definition> array_running_functions() { return kDefinitions; }

}  // namespace grapevine::sql
