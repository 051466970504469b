#include <algorithm>
#include <type_traits>

#include "kernels/query/sort_rows.hpp"
#include "kernels/query/visit_stored.hpp"

namespace grapevine::sql {
namespace {

template <typename Value>
int compare_stored(Value a, Value b) {
  if constexpr (std::is_floating_point_v<Value>) {
    const bool a_is_nan = a != a;
    const bool b_is_nan = b != b;
    if (a_is_nan || b_is_nan) return static_cast<int>(a_is_nan) - static_cast<int>(b_is_nan);
  }
  return a < b ? -1 : (b < a ? 1 : 0);
}

// Elements may be NULL, which comes after all values.
int compare_elements(const Column& a, std::size_t row_a, const Column& b, std::size_t row_b) {
  const bool a_is_null = a.type.id == TypeId::Nothing || a.is_null(row_a);
  const bool b_is_null = b.type.id == TypeId::Nothing || b.is_null(row_b);
  if (a_is_null || b_is_null) return static_cast<int>(a_is_null) - static_cast<int>(b_is_null);
  return compare_values(a, row_a, b, row_b);
}

int compare_arrays(const ArrayValues& a, std::size_t slot_a, const ArrayValues& b,
                   std::size_t slot_b) {
  const std::uint64_t begin_a = slot_a == 0 ? 0 : a.ends[slot_a - 1];
  const std::uint64_t begin_b = slot_b == 0 ? 0 : b.ends[slot_b - 1];
  const std::uint64_t size_a = a.ends[slot_a] - begin_a;
  const std::uint64_t size_b = b.ends[slot_b] - begin_b;
  for (std::uint64_t i = 0; i < std::min(size_a, size_b); ++i) {
    const int order = compare_elements(*a.elements, begin_a + i, *b.elements, begin_b + i);
    if (order != 0) return order;
  }
  return compare_stored(size_a, size_b);
}

}  // namespace

int compare_values(const Column& a, std::size_t row_a, const Column& b, std::size_t row_b) {
  const std::size_t slot_a = a.slot(row_a);
  const std::size_t slot_b = b.slot(row_b);
  switch (a.type.id) {
    case TypeId::Nothing: return 0;
    case TypeId::String: return a.text(row_a).compare(b.text(row_b));
    case TypeId::Array: return compare_arrays(a.array(), slot_a, b.array(), slot_b);
    case TypeId::Tuple:
      for (std::size_t i = 0; i < a.tuple().elements.size(); ++i) {
        const int order =
            compare_elements(*a.tuple().elements[i], slot_a, *b.tuple().elements[i], slot_b);
        if (order != 0) return order;
      }
      return 0;
    default: break;
  }
  return visit_stored(a.type.id, [&]<typename Value>(Value) {
    return compare_stored(a.fixed<Value>()[slot_a], b.fixed<Value>()[slot_b]);
  });
}

}  // namespace grapevine::sql
