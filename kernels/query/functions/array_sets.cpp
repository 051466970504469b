// Looking for values in arrays, and sums of them.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "kernels/query/functions/arrays.hpp"
#include "kernels/query/functions/compare_numbers.hpp"
#include "kernels/query/functions/compare_values.hpp"
#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/number_types.hpp"
#include "kernels/query/functions/numbers.hpp"
#include "kernels/query/functions/own_column.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

template <typename Value, typename Count>
Resolved with_number(TypeId id, Count count) {
  return {
      plain(id), [id, count](std::span<const ColumnPtr> arguments, std::size_t rows) {
        const ColumnPtr elements = full(arguments[0]->array().elements);
        std::vector<std::uint32_t> rows_of(elements->rows);
        for (std::size_t row = 0; row < rows; ++row) {
          const ElementRange range = elements_of(*arguments[0], row);
          for (std::size_t i = range.begin; i < range.end; ++i) {
            rows_of[i] = static_cast<std::uint32_t>(row);
          }
        }
        const ColumnPtr values = gather(arguments[1], rows_of);
        const ColumnPtr equal =
            compare_numbers(Comparison::Equals, elements, values, elements->rows);
        const auto equals = equal->fixed<std::uint8_t>();
        auto result = new_fixed(plain(id), rows);
        Value* to = result->template fixed<Value>().data();
        for (std::size_t row = 0; row < rows; ++row) {
          to[row] = static_cast<Value>(count(elements_of(*arguments[0], row), [&](std::size_t i) {
            const bool is_null = elements->is_null(i);
            return is_null || values->is_null(i) ? is_null && values->is_null(i) : equals[i] != 0;
          }));
        }
        return absl::StatusOr<ColumnPtr>(std::move(result));
      }};
}

// Function (array, value) of the elements that are equal to the value; NULL is equal to NULL.
template <typename Value, typename Count>
absl::StatusOr<Resolved> with_value(const Call& call, TypeId id, Count count) {
  if (call.id(0) != TypeId::Array) return illegal_type(call, 0);
  auto element = common_type({call.type(0).elements[0], call.type(1)});
  if (!element.ok()) {
    if (!is_numeric(call.type(0).elements[0].id) || !is_numeric(call.id(1))) {
      return element.status();
    }
    // Numbers of types that no other holds both of are compared as they are.
    return with_number<Value>(id, count);
  }
  return Resolved{
      plain(id),
      [element = *element, id, count, facts = call.facts](
          std::span<const ColumnPtr> arguments, std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr elements,
                                   cast(arguments[0]->array().elements, element, facts));
        GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr values, cast(arguments[1], element, facts));
        auto result = new_fixed(plain(id), rows);
        Value* to = result->template fixed<Value>().data();
        const bool nothing = element.id == TypeId::Nothing;
        for (std::size_t row = 0; row < rows; ++row) {
          const ElementRange range = elements_of(*arguments[0], row);
          to[row] = static_cast<Value>(count(range, [&](std::size_t i) {
            return nothing || order_of_values(*elements, i, *values, row) == 0;
          }));
        }
        return ColumnPtr(std::move(result));
      }};
}

absl::StatusOr<Resolved> has(const Call& call) {
  return with_value<std::uint8_t>(call, TypeId::UInt8, [](const ElementRange& range, auto equals) {
    for (std::size_t i = range.begin; i < range.end; ++i) {
      if (equals(i)) return 1;
    }
    return 0;
  });
}
absl::StatusOr<Resolved> index_of(const Call& call) {
  return with_value<std::uint64_t>(call, TypeId::UInt64,
                                   [](const ElementRange& range, auto equals) -> std::size_t {
                                     for (std::size_t i = range.begin; i < range.end; ++i) {
                                       if (equals(i)) return i - range.begin + 1;
                                     }
                                     return 0;
                                   });
}
absl::StatusOr<Resolved> count_equal(const Call& call) {
  return with_value<std::uint64_t>(call, TypeId::UInt64,
                                   [](const ElementRange& range, auto equals) {
                                     std::size_t count = 0;
                                     for (std::size_t i = range.begin; i < range.end; ++i) {
                                       count += equals(i) ? 1 : 0;
                                     }
                                     return count;
                                   });
}

// The elements of a range, in order.
std::vector<std::size_t> sorted(const Column& elements, const ElementRange& range) {
  std::vector<std::size_t> order(range.size());
  std::iota(order.begin(), order.end(), range.begin);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return order_of_values(elements, a, elements, b) < 0;
  });
  return order;
}

// Function (array, array): whether all or any of the second's elements are in the first.
template <bool all>
absl::StatusOr<Resolved> has_many(const Call& call) {
  if (call.id(0) != TypeId::Array) return illegal_type(call, 0);
  if (call.id(1) != TypeId::Array) return illegal_type(call, 1);
  GRAPEVINE_ASSIGN_OR_RETURN(const DataType type, common_type({call.type(0), call.type(1)}));
  return Resolved{
      plain(TypeId::UInt8),
      [type, facts = call.facts](std::span<const ColumnPtr> arguments,
                                 std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr left, cast(arguments[0], type, facts));
        GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr right, cast(arguments[1], type, facts));
        const Column& elements = *left->array().elements;
        const Column& wanted = *right->array().elements;
        auto result = new_fixed(plain(TypeId::UInt8), rows);
        auto* to = result->fixed<std::uint8_t>().data();
        for (std::size_t row = 0; row < rows; ++row) {
          const std::vector<std::size_t> order = sorted(elements, elements_of(*left, row));
          const ElementRange range = elements_of(*right, row);
          bool found = all;
          for (std::size_t i = range.begin; i < range.end && found == all; ++i) {
            const auto at =
                std::lower_bound(order.begin(), order.end(), i, [&](std::size_t a, std::size_t b) {
                  return order_of_values(elements, a, wanted, b) < 0;
                });
            found = at != order.end() && order_of_values(elements, *at, wanted, i) == 0;
          }
          to[row] = found;
        }
        return ColumnPtr(std::move(result));
      }};
}

// The first of equal elements each.
std::vector<std::size_t> distinct(const Column& elements, const ElementRange& range) {
  std::vector<std::size_t> order = sorted(elements, range);
  order.erase(std::unique(order.begin(), order.end(),
                          [&](std::size_t a, std::size_t b) {
                            return order_of_values(elements, a, elements, b) == 0;
                          }),
              order.end());
  std::sort(order.begin(), order.end());
  return order;
}

absl::StatusOr<Resolved> array_distinct(const Call& call) {
  if (call.id(0) != TypeId::Array) return illegal_type(call, 0);
  const DataType type = array_of(not_null(call.type(0).elements[0]));
  return Resolved{
      type, [type](std::span<const ColumnPtr> arguments, std::size_t rows) {
        const ColumnPtr& elements = arguments[0]->array().elements;
        PickedArrays arrays(rows);
        for (std::size_t row = 0; row < rows; ++row) {
          for (const std::size_t i : distinct(*elements, elements_of(*arguments[0], row))) {
            if (!elements->is_null(i)) arrays.add(i);
          }
          arrays.end_row();
        }
        return absl::StatusOr<ColumnPtr>(
            std::move(arrays).finish(type, retyped(elements, type.elements[0])));
      }};
}

absl::StatusOr<Resolved> array_uniq(const Call& call) {
  if (call.id(0) != TypeId::Array) return illegal_type(call, 0);
  return Resolved{plain(TypeId::UInt32),
                  [](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    const ColumnPtr& elements = arguments[0]->array().elements;
                    auto result = new_fixed(plain(TypeId::UInt32), rows);
                    auto* to = result->fixed<std::uint32_t>().data();
                    for (std::size_t row = 0; row < rows; ++row) {
                      to[row] = static_cast<std::uint32_t>(
                          distinct(*elements, elements_of(*arguments[0], row)).size());
                    }
                    return absl::StatusOr<ColumnPtr>(std::move(result));
                  }};
}

// Sums and averages of numbers; of integers exact, wrapping around at 64 bits.
template <bool average>
absl::StatusOr<Resolved> array_sum(const Call& call) {
  if (call.id(0) != TypeId::Array) return illegal_type(call, 0);
  const TypeId element = call.type(0).elements[0].id;
  if (!is_numeric(element) || call.type(0).elements[0].nullable) return illegal_type(call, 0);
  const TypeId id =
      average || is_float(element) ? TypeId::Float64 : integer_of(8, is_signed(element));
  return Resolved{
      plain(id), [id](std::span<const ColumnPtr> arguments, std::size_t rows) {
        const ColumnPtr& elements = arguments[0]->array().elements;
        auto result = new_fixed(plain(id), rows);
        const auto add_up = [&](auto zero) {
          using Value = decltype(zero);
          const Numbers<Value> values(elements);
          Value* to = result->template fixed<Value>().data();
          for (std::size_t row = 0; row < rows; ++row) {
            const ElementRange range = elements_of(*arguments[0], row);
            Value sum = 0;
            for (std::size_t i = range.begin; i < range.end; ++i) sum += values[i];
            to[row] = average && range.size() > 0 ? sum / static_cast<Value>(range.size()) : sum;
          }
        };
        if constexpr (average) {
          add_up(double{});
        } else if (id == TypeId::Float64) {
          add_up(double{});
        } else {
          add_up(std::uint64_t{});
        }
        return absl::StatusOr<ColumnPtr>(std::move(result));
      }};
}

template <bool greatest>
absl::StatusOr<Resolved> array_extremum(const Call& call) {
  if (call.id(0) != TypeId::Array) return illegal_type(call, 0);
  return Resolved{call.type(0).elements[0],
                  [](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    const ColumnPtr& elements = arguments[0]->array().elements;
                    std::vector<std::uint32_t> places(rows, kNoRow);
                    for (std::size_t row = 0; row < rows; ++row) {
                      const ElementRange range = elements_of(*arguments[0], row);
                      for (std::size_t i = range.begin; i < range.end; ++i) {
                        if (elements->is_null(i)) continue;
                        // NaN is neither more nor less than anything.
                        const std::uint32_t best = places[row];
                        const bool is_first = best == kNoRow || is_missing(*elements, best);
                        const int order = is_first || is_missing(*elements, i)
                                              ? 0
                                              : order_of_values(*elements, i, *elements, best);
                        if (is_first || (greatest ? order > 0 : order < 0)) {
                          places[row] = static_cast<std::uint32_t>(i);
                        }
                      }
                    }
                    return absl::StatusOr<ColumnPtr>(gather(full(elements), places));
                  }};
}

absl::StatusOr<Resolved> array_enumerate(const Call& call) {
  if (call.id(0) != TypeId::Array) return illegal_type(call, 0);
  const DataType type = array_of(plain(TypeId::UInt32));
  return Resolved{
      type, [type](std::span<const ColumnPtr> arguments, std::size_t rows) {
        std::vector<std::uint64_t> ends;
        std::uint64_t end = 0;
        for (std::size_t row = 0; row < rows; ++row) {
          end += elements_of(*arguments[0], row).size();
          ends.push_back(end);
        }
        auto numbers = new_fixed(plain(TypeId::UInt32), end);
        auto* to = numbers->fixed<std::uint32_t>().data();
        for (std::size_t row = 0; row < rows; ++row) {
          const std::size_t size = elements_of(*arguments[0], row).size();
          std::iota(to, to + size, 1u);
          to += size;
        }
        return absl::StatusOr<ColumnPtr>(array_column(type, std::move(ends), std::move(numbers)));
      }};
}

// range([start,] end[, step]): at most 2^24 elements a block.
absl::StatusOr<Resolved> range(const Call& call) {
  TypeId element = call.id(0);
  for (std::size_t i = 0; i < call.size(); ++i) {
    if (!is_integer(call.id(i))) return illegal_type(call, i);
    const auto common = common_type({plain(element), not_null(call.type(i))});
    element = common.ok() ? common->id : TypeId::Int64;
  }
  const DataType type = array_of(plain(element));
  return Resolved{type,
                  [type, element](std::span<const ColumnPtr> arguments,
                                  std::size_t rows) -> absl::StatusOr<ColumnPtr> {
                    constexpr std::uint64_t kElementsOfRange = 1u << 24;
                    std::vector<Numbers<std::int64_t>> numbers;
                    for (const ColumnPtr& argument : arguments) numbers.emplace_back(argument);
                    const std::size_t end_at = arguments.size() == 1 ? 0 : 1;
                    std::vector<std::int64_t> values;
                    std::vector<std::uint64_t> ends;
                    for (std::size_t row = 0; row < rows; ++row) {
                      const std::int64_t first = arguments.size() == 1 ? 0 : numbers[0][row];
                      const std::int64_t end = numbers[end_at][row];
                      const std::int64_t step = arguments.size() == 3 ? numbers[2][row] : 1;
                      if (step == 0) {
                        return query_error(QueryErrorCode::ArgumentOutOfBound,
                                           "A call to function range overflows, the 3rd argument "
                                           "step can't be equal to zero");
                      }
                      const bool empty = step > 0 ? first >= end : first <= end;
                      // By unsigned distances, which cannot overflow.
                      const auto distance =
                          empty ? std::uint64_t{0}
                          : step > 0
                              ? static_cast<std::uint64_t>(end) - static_cast<std::uint64_t>(first)
                              : static_cast<std::uint64_t>(first) - static_cast<std::uint64_t>(end);
                      const std::uint64_t stride = step > 0 ? static_cast<std::uint64_t>(step)
                                                            : 0 - static_cast<std::uint64_t>(step);
                      const std::uint64_t count = distance == 0 ? 0 : (distance - 1) / stride + 1;
                      if (count > kElementsOfRange || values.size() + count > kElementsOfRange) {
                        return query_error(QueryErrorCode::ArgumentOutOfBound,
                                           "A call to function range would produce too many array "
                                           "elements");
                      }
                      auto value = static_cast<std::uint64_t>(first);
                      for (std::uint64_t i = 0; i < count; ++i) {
                        values.push_back(static_cast<std::int64_t>(value));
                        value += static_cast<std::uint64_t>(step);
                      }
                      ends.push_back(values.size());
                    }
                    auto elements = new_fixed(plain(element), values.size());
                    with_value_type(element, [&](auto zero) {
                      using Value = decltype(zero);
                      Value* to = elements->fixed<Value>().data();
                      for (std::size_t i = 0; i < values.size(); ++i) {
                        to[i] = static_cast<Value>(values[i]);
                      }
                    });
                    return array_column(type, std::move(ends), std::move(elements));
                  }};
}

constexpr auto kOwn = Definition::Nulls::Own;
constexpr auto kSkipped = Definition::Nulls::Skipped;
constexpr Definition kDefinitions[] = {
    {"has", has, 2, 2, kOwn},
    {"indexOf", index_of, 2, 2, kOwn},
    {"countEqual", count_equal, 2, 2, kOwn},
    {"hasAll", has_many<true>, 2, 2},
    {"hasAny", has_many<false>, 2, 2},
    {"arrayDistinct", array_distinct, 1, 1},
    {"arrayUniq", array_uniq, 1, 1},
    {"arraySum", array_sum<false>, 1, 1},
    {"arrayAvg", array_sum<true>, 1, 1},
    {"arrayMin", array_extremum<false>, 1, 1},
    {"arrayMax", array_extremum<true>, 1, 1},
    {"arrayEnumerate", array_enumerate, 1, 1},
    {"range", range, 1, 3, kSkipped},
};

}  // namespace

std::span<const Definition> array_set_functions() { return kDefinitions; }

}  // namespace grapevine::sql
