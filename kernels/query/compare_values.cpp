#include <algorithm>
#include <type_traits>

#include "kernels/query/sort_rows.hpp"
#include "kernels/query/visit_stored.hpp"

namespace grapevine::sql {
namespace {

// How values are ordered: NULL and NaN stand at one end, whatever the direction.
struct Order {
  bool descending = false;
  bool nulls_first = false;
};

int directed(int order, Order how) { return how.descending ? -order : order; }

// Of two values of which some are NULL, or NaN.
int compare_strange(bool a_is, bool b_is, Order how) {
  const int order = static_cast<int>(a_is) - static_cast<int>(b_is);
  return how.nulls_first ? -order : order;
}

template <typename Value>
int compare_stored(Value a, Value b, Order how) {
  if constexpr (std::is_floating_point_v<Value>) {
    const bool a_is_nan = a != a;
    const bool b_is_nan = b != b;
    if (a_is_nan || b_is_nan) return compare_strange(a_is_nan, b_is_nan, how);
  }
  return directed(a < b ? -1 : (b < a ? 1 : 0), how);
}

int compare(const Column& a, std::size_t row_a, const Column& b, std::size_t row_b, Order how);

int compare_with_null(const Column& a, std::size_t row_a, const Column& b, std::size_t row_b,
                      Order how) {
  const bool a_is_null = a.type.id == TypeId::Nothing || a.is_null(row_a);
  const bool b_is_null = b.type.id == TypeId::Nothing || b.is_null(row_b);
  if (a_is_null || b_is_null) return compare_strange(a_is_null, b_is_null, how);
  return compare(a, row_a, b, row_b, how);
}

int compare_arrays(const ArrayValues& a, std::size_t slot_a, const ArrayValues& b,
                   std::size_t slot_b, Order how) {
  const std::uint64_t begin_a = slot_a == 0 ? 0 : a.ends[slot_a - 1];
  const std::uint64_t begin_b = slot_b == 0 ? 0 : b.ends[slot_b - 1];
  const std::uint64_t size_a = a.ends[slot_a] - begin_a;
  const std::uint64_t size_b = b.ends[slot_b] - begin_b;
  for (std::uint64_t i = 0; i < std::min(size_a, size_b); ++i) {
    const int order = compare_with_null(*a.elements, begin_a + i, *b.elements, begin_b + i, how);
    if (order != 0) return order;
  }
  return compare_stored(size_a, size_b, how);
}

int compare(const Column& a, std::size_t row_a, const Column& b, std::size_t row_b, Order how) {
  const std::size_t slot_a = a.slot(row_a);
  const std::size_t slot_b = b.slot(row_b);
  switch (a.type.id) {
    case TypeId::Nothing: return 0;
    case TypeId::String: return directed(a.text(row_a).compare(b.text(row_b)), how);
    case TypeId::Array: return compare_arrays(a.array(), slot_a, b.array(), slot_b, how);
    case TypeId::Tuple:
      for (std::size_t i = 0; i < a.tuple().elements.size(); ++i) {
        const int order =
            compare_with_null(*a.tuple().elements[i], slot_a, *b.tuple().elements[i], slot_b, how);
        if (order != 0) return order;
      }
      return 0;
    default: break;
  }
  return visit_stored(a.type.id, [&]<typename Value>(Value) {
    return compare_stored(a.fixed<Value>()[slot_a], b.fixed<Value>()[slot_b], how);
  });
}

}  // namespace

int compare_values(const Column& a, std::size_t row_a, const Column& b, std::size_t row_b) {
  return compare(a, row_a, b, row_b, {});
}

int compare_keys(const SortKey& key, std::size_t row_a, std::size_t row_b) {
  return compare_with_null(*key.column, row_a, *key.column, row_b,
                           {key.descending, key.nulls_first});
}

}  // namespace grapevine::sql
