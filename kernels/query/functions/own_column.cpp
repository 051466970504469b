#include "kernels/query/functions/own_column.hpp"

#include <numeric>
#include <utility>
#include <vector>

namespace grapevine::sql {

std::shared_ptr<Column> writable(ColumnPtr column) {
  if (column->constant) {
    column = full(column);
  } else if (column.use_count() > 1) {
    std::vector<std::uint32_t> rows(column->rows);
    std::iota(rows.begin(), rows.end(), 0u);
    column = gather(column, rows);
  }
  // Every column is made as one that is not const.
  return std::const_pointer_cast<Column>(std::move(column));
}

ColumnPtr retyped(ColumnPtr column, DataType type, std::vector<std::uint8_t> nulls) {
  std::shared_ptr<Column> copy = writable(std::move(column));
  copy->type = std::move(type);
  copy->nulls = std::move(nulls);
  return copy;
}

}  // namespace grapevine::sql
