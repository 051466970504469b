#pragma once

#include <vector>

#include "api/sql/execute/query_context.hpp"
#include "kernels/query/column.hpp"
#include "storage/ids.hpp"

namespace grapevine::sql {

/// People of the query's snapshot as strings: their codes are their numbers.
inline ColumnPtr people_column(std::vector<std::uint32_t> people, QueryContext& context) {
  auto column = std::make_shared<Column>();
  column->type = plain(TypeId::String);
  column->rows = people.size();
  column->values = PooledValues{std::move(people), context.pools.people()};
  return column;
}

}  // namespace grapevine::sql
