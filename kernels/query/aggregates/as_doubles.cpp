#include "kernels/query/aggregates/as_doubles.hpp"

#include "kernels/query/visit_stored.hpp"

namespace grapevine::sql {

std::span<const double> as_doubles(const Column& column, std::vector<double>& converted) {
  if (column.type.id == TypeId::Float64) return column.fixed<double>();
  converted.resize(column.rows);
  visit_stored(column.type.id, [&]<typename Value>(Value) {
    const std::span<const Value> values = column.fixed<Value>();
    for (std::size_t i = 0; i < values.size(); ++i) converted[i] = static_cast<double>(values[i]);
  });
  return converted;
}

}  // namespace grapevine::sql
