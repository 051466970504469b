#include "kernels/query/aggregates/array_of_group.hpp"

#include <utility>

#include "kernels/query/value_bytes.hpp"

namespace grapevine::sql {

ColumnPtr array_of_group(const ColumnPtr& elements, std::span<const std::size_t> offsets) {
  auto column = std::make_shared<Column>();
  column->type = array_of(not_null(elements->type));
  column->rows = offsets.size() - 1;
  ArrayValues array;
  array.ends.assign(offsets.begin() + 1, offsets.end());
  array.elements = with_nulls(elements, {});
  column->values = std::move(array);
  return column;
}

}  // namespace grapevine::sql
