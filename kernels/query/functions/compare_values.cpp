#include "kernels/query/functions/compare_values.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/query/functions/numbers.hpp"

namespace grapevine::sql {
namespace {

template <typename Value>
int order_of_numbers(Value a, Value b) {
  if constexpr (std::is_floating_point_v<Value>) {
    if (std::isnan(a) || std::isnan(b)) return int{std::isnan(a)} - int{std::isnan(b)};
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

struct Range {
  std::size_t begin;
  std::size_t end;
};

Range range_of(const ArrayValues& values, std::size_t at) {
  return {at == 0 ? 0 : values.ends[at - 1], values.ends[at]};
}

int order_of_arrays(const Column& left, std::size_t left_row, const Column& right,
                    std::size_t right_row) {
  const Range a = range_of(left.array(), left.slot(left_row));
  const Range b = range_of(right.array(), right.slot(right_row));
  const std::size_t shorter = std::min(a.end - a.begin, b.end - b.begin);
  for (std::size_t i = 0; i < shorter; ++i) {
    const int order =
        order_of_values(*left.array().elements, a.begin + i, *right.array().elements, b.begin + i);
    if (order != 0) return order;
  }
  return order_of_numbers(a.end - a.begin, b.end - b.begin);
}

}  // namespace

int order_of_values(const Column& left, std::size_t left_row, const Column& right,
                    std::size_t right_row) {
  const bool left_null = left.is_null(left_row);
  const bool right_null = right.is_null(right_row);
  if (left_null || right_null) return int{left_null} - int{right_null};
  switch (left.type.id) {
    case TypeId::String: {
      const int order = left.text(left_row).compare(right.text(right_row));
      return order < 0 ? -1 : order > 0 ? 1 : 0;
    }
    case TypeId::Array: return order_of_arrays(left, left_row, right, right_row);
    case TypeId::Tuple: {
      const auto& a = left.tuple().elements;
      const auto& b = right.tuple().elements;
      for (std::size_t i = 0; i < a.size(); ++i) {
        const int order = order_of_values(*a[i], left.slot(left_row), *b[i], right.slot(right_row));
        if (order != 0) return order;
      }
      return 0;
    }
    default:
      return with_value_type(left.type.id, [&](auto zero) {
        using Value = decltype(zero);
        return order_of_numbers(left.fixed<Value>()[left.slot(left_row)],
                                right.fixed<Value>()[right.slot(right_row)]);
      });
  }
}

}  // namespace grapevine::sql
