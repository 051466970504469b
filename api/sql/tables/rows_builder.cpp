#include "api/sql/tables/rows_builder.hpp"

#include <algorithm>
#include <cassert>

namespace grapevine::sql {

void RowsBuilder::add(std::initializer_list<std::pair<std::string_view, Cell>> cells) {
  std::vector<Cell>& row = rows_.emplace_back(columns_.size());
  for (const auto& [name, cell] : cells) {
    const auto found =
        std::find_if(columns_.begin(), columns_.end(),
                     [wanted = name](const TableColumn& column) { return column.name == wanted; });
    assert(found != columns_.end());
    row[static_cast<std::size_t>(found - columns_.begin())] = cell;
  }
}

std::vector<std::uint8_t> RowsBuilder::nulls(std::size_t column) const {
  std::vector<std::uint8_t> nulls;
  if (!columns_[column].type.nullable) return nulls;
  for (const std::vector<Cell>& row : rows_) nulls.push_back(row[column].null_ ? 1 : 0);
  return nulls;
}

template <typename Value>
ColumnPtr RowsBuilder::numbers(std::size_t column) const {
  auto made = new_fixed(columns_[column].type, rows_.size());
  const auto values = made->fixed<Value>();
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    const Cell& cell = rows_[row][column];
    if constexpr (std::is_floating_point_v<Value>) {
      values[row] = static_cast<Value>(cell.real_);
    } else {
      values[row] = static_cast<Value>(cell.number_);
    }
  }
  made->nulls = nulls(column);
  return made;
}

ColumnPtr RowsBuilder::numbers_of_type(std::size_t column) const {
  const TypeId type = columns_[column].type.id;
  if (type == TypeId::Float32) return numbers<float>(column);
  if (type == TypeId::Float64) return numbers<double>(column);
  switch (width_of(type)) {
    case 1: return numbers<std::uint8_t>(column);
    case 2: return numbers<std::uint16_t>(column);
    case 4: return numbers<std::uint32_t>(column);
    default: return numbers<std::uint64_t>(column);
  }
}

ColumnPtr RowsBuilder::texts(std::size_t column) const {
  TextBuilder texts(rows_.size());
  for (const std::vector<Cell>& row : rows_) texts.add(row[column].text_);
  return std::move(texts).finish(columns_[column].type.nullable, nulls(column));
}

ColumnPtr RowsBuilder::lists(std::size_t column) const {
  auto made = std::make_shared<Column>();
  made->type = columns_[column].type;
  made->rows = rows_.size();
  ArrayValues arrays;
  TextBuilder texts(0);
  for (const std::vector<Cell>& row : rows_) {
    for (const std::string& text : row[column].texts_) texts.add(text);
    arrays.ends.push_back(texts.size());
  }
  arrays.elements = std::move(texts).finish(false);
  made->values = std::move(arrays);
  return made;
}

Block RowsBuilder::finish() && {
  Block block{rows_.size(), {}};
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    const TypeId type = columns_[column].type.id;
    block.columns.push_back(type == TypeId::Array    ? lists(column)
                            : type == TypeId::String ? texts(column)
                                                     : numbers_of_type(column));
  }
  return block;
}

}  // namespace grapevine::sql
