#include "api/sql/tables/rows_builder.hpp"

#include <algorithm>
#include <cassert>

namespace grapevine::sql {
namespace {

template <typename Kind, typename Value>
Kind of(const Value& value) {
  if (const auto* number = std::get_if<std::uint64_t>(&value)) return static_cast<Kind>(*number);
  if (const auto* number = std::get_if<double>(&value)) return static_cast<Kind>(*number);
  return Kind{};
}

template <typename Kind, typename Values>
ColumnPtr fixed_column(const DataType& type, const Values& values,
                       std::vector<std::uint8_t> nulls) {
  auto column = new_fixed(type, values.size());
  const auto into = column->template fixed<Kind>();
  for (std::size_t row = 0; row < values.size(); ++row) into[row] = of<Kind>(*values[row]);
  column->nulls = std::move(nulls);
  return column;
}

template <typename Values>
ColumnPtr number_column(const DataType& type, const Values& values,
                        std::vector<std::uint8_t> nulls) {
  if (type.id == TypeId::Float32) return fixed_column<float>(type, values, std::move(nulls));
  if (type.id == TypeId::Float64) return fixed_column<double>(type, values, std::move(nulls));
  switch (width_of(type.id)) {
    case 1: return fixed_column<std::uint8_t>(type, values, std::move(nulls));
    case 2: return fixed_column<std::uint16_t>(type, values, std::move(nulls));
    case 4: return fixed_column<std::uint32_t>(type, values, std::move(nulls));
    default: return fixed_column<std::uint64_t>(type, values, std::move(nulls));
  }
}

template <typename Values>
ColumnPtr text_column(bool nullable, const Values& values, std::vector<std::uint8_t> nulls) {
  TextBuilder texts(values.size());
  for (const auto* value : values) {
    const auto* text = std::get_if<std::string>(value);
    texts.add(text == nullptr ? std::string_view() : std::string_view(*text));
  }
  return std::move(texts).finish(nullable, std::move(nulls));
}

template <typename Values>
ColumnPtr list_column(const DataType& type, const Values& values) {
  auto column = std::make_shared<Column>();
  column->type = type;
  column->rows = values.size();
  ArrayValues arrays;
  TextBuilder texts(0);
  for (const auto* value : values) {
    if (const auto* list = std::get_if<std::vector<std::string>>(value)) {
      for (const std::string& text : *list) texts.add(text);
    }
    arrays.ends.push_back(texts.size());
  }
  arrays.elements = type.elements[0].id == TypeId::String
                        ? std::move(texts).finish(type.elements[0].nullable)
                        : constant_default(type.elements[0], 0);
  if (arrays.elements->constant) arrays.elements = full(arrays.elements);
  column->values = std::move(arrays);
  return column;
}

}  // namespace

void RowsBuilder::add(std::initializer_list<std::pair<std::string_view, Cell>> cells) {
  std::vector<Cell>& row = rows_.emplace_back(columns_.size());
  for (const auto& [name, cell] : cells) {
    const auto found = std::find_if(columns_.begin(), columns_.end(),
                                    [&](const auto& column) { return column.name == name; });
    assert(found != columns_.end());
    row[static_cast<std::size_t>(found - columns_.begin())] = cell;
  }
}

Block RowsBuilder::finish() && {
  Block block{rows_.size(), {}};
  std::vector<const decltype(Cell::value_)*> values(rows_.size());
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const DataType& type = columns_[c].type;
    std::vector<std::uint8_t> nulls(type.nullable ? rows_.size() : 0);
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      values[row] = &rows_[row][c].value_;
      if (type.nullable) nulls[row] = std::holds_alternative<std::monostate>(*values[row]) ? 1 : 0;
    }
    if (type.id == TypeId::Array) {
      block.columns.push_back(list_column(type, values));
    } else if (type.id == TypeId::String) {
      block.columns.push_back(text_column(type.nullable, values, std::move(nulls)));
    } else {
      block.columns.push_back(number_column(type, values, std::move(nulls)));
    }
  }
  return block;
}

}  // namespace grapevine::sql
