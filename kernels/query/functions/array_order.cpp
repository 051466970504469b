// Arrays in order, by their elements or by what a lambda makes of each: that array comes first then.
#include <algorithm>
#include <numeric>
#include <vector>

#include "kernels/query/functions/arrays.hpp"
#include "kernels/query/functions/compare_values.hpp"
#include "kernels/query/functions/families.hpp"

namespace grapevine::sql {
namespace {

// Function ([keys,] [limit,] array) of the order of the keys in each row: pick(keys, order) leaves the
// places that the result has, from 0.
template <typename Pick>
absl::StatusOr<Resolved> by_keys(const Call& call, Pick pick) {
  const std::size_t array = call.size() - 1;
  for (const std::size_t i : {std::size_t{0}, array}) {
    const bool is_limit = call.size() == 2 && i == 0 && is_integer(call.id(0));
    if (call.id(i) != TypeId::Array && !is_limit) return illegal_type(call, i);
  }
  const std::size_t keys = call.id(0) == TypeId::Array ? 0 : array;
  const DataType type = call.type(array);
  return Resolved{type,
                  [type, pick, keys](std::span<const ColumnPtr> arguments,
                                     std::size_t rows) -> absl::StatusOr<ColumnPtr> {
                    const ColumnPtr& arrays = arguments.back();
                    const ColumnPtr values = full(arguments[keys]->array().elements);
                    PickedArrays picked(rows);
                    std::vector<std::size_t> order;
                    for (std::size_t row = 0; row < rows; ++row) {
                      const ElementRange range = elements_of(*arguments[keys], row);
                      const std::size_t begin = elements_of(*arrays, row).begin;
                      order.resize(range.size());
                      std::iota(order.begin(), order.end(), range.begin);
                      pick(*values, order);
                      for (const std::size_t place : order) picked.add(begin + place - range.begin);
                      picked.end_row();
                      if (picked.size() > kElementsMax) return too_many_elements();
                    }
                    return std::move(picked).finish(type, full(arrays->array().elements));
                  }};
}

// NaN and NULL are last both ways; ties stay as they are.
template <bool descending>
absl::StatusOr<Resolved> sort(const Call& call) {
  return by_keys(call, [](const Column& keys, std::vector<std::size_t>& order) {
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      if (is_missing(keys, a) || is_missing(keys, b)) {
        if (!is_missing(keys, a)) return true;
        return is_missing(keys, b) && order_of_values(keys, a, keys, b) < 0;
      }
      const int ordered = order_of_values(keys, a, keys, b);
      return descending ? ordered > 0 : ordered < 0;
    });
  });
}

absl::StatusOr<Resolved> compact(const Call& call) {
  return by_keys(call, [](const Column& keys, std::vector<std::size_t>& order) {
    const auto same = [&](std::size_t a, std::size_t b) {
      return order_of_values(keys, a, keys, b) == 0;
    };
    order.erase(std::unique(order.begin(), order.end(), same), order.end());
  });
}

constexpr auto kOwn = Definition::Nulls::Own;
constexpr Definition kDefinitions[] = {
    {"arraySort", sort<false>, 1, 2, kOwn},
    {"arrayReverseSort", sort<true>, 1, 2, kOwn},
    // Which elements stand behind the limit is not said: all are sorted.
    {"arrayPartialSort", sort<false>, 2, 3, kOwn},
    {"arrayPartialReverseSort", sort<true>, 2, 3, kOwn},
    {"arrayCompact", compact, 1, 2, kOwn},
};

}  // namespace

std::span<const Definition> array_order_functions() { return kDefinitions; }

}  // namespace grapevine::sql
