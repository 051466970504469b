#include "api/encode/formats/flat_tuples.hpp"

namespace grapevine::sql {
namespace {

bool is_flattened(const DataType& type) {
  return type.id == TypeId::Tuple && !type.elements.empty();
}

void append_columns(ResultColumns& flat, const ResultColumn& column) {
  if (!is_flattened(column.type)) return flat.push_back(column);
  const std::vector<std::string>& names = column.type.element_names;
  for (std::size_t i = 0; i < column.type.elements.size(); ++i) {
    const std::string name = names.empty() ? std::to_string(i + 1) : names[i];
    append_columns(flat, {column.name + "." + name, column.type.elements[i]});
  }
}

void append_columns(Block& flat, const ColumnPtr& column) {
  if (!is_flattened(column->type)) return flat.columns.push_back(column);
  for (const ColumnPtr& element : column->tuple().elements) {
    append_columns(flat, column->constant ? value_at(element, 0, flat.rows) : element);
  }
}

}  // namespace

ResultColumns flat_columns(const ResultColumns& columns) {
  ResultColumns flat;
  for (const ResultColumn& column : columns) append_columns(flat, column);
  return flat;
}

Block flat_block(const Block& block) {
  Block flat;
  flat.rows = block.rows;
  for (const ColumnPtr& column : block.columns) append_columns(flat, column);
  return flat;
}

}  // namespace grapevine::sql
