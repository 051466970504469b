#include <algorithm>
#include <cassert>
#include <cstring>

#include "kernels/query/column.hpp"

namespace grapevine::sql {
namespace {

// What a column comes with where only NULL was seen, or no element.
ColumnPtr of_type(const DataType& type, const ColumnPtr& column) {
  if (column->type.id != TypeId::Nothing || type.id == TypeId::Nothing) return column;
  return constant_default(column->type.nullable ? nullable(type) : type, column->rows);
}

FixedValues concatenate_fixed(std::size_t width, std::size_t rows,
                              std::span<const ColumnPtr> columns) {
  FixedValues values(rows * width);
  std::byte* to = values.data<std::byte>();
  for (const ColumnPtr& column : columns) {
    const auto* from = std::get<FixedValues>(column->values).data<std::byte>();
    if (column->rows > 0) std::memcpy(to, from, column->rows * width);
    to += column->rows * width;
  }
  return values;
}

PooledValues concatenate_pooled(std::size_t rows, std::span<const ColumnPtr> columns) {
  PooledValues values{.codes = {}, .pool = columns[0]->pooled()->pool};
  values.codes.reserve(rows);
  for (const ColumnPtr& column : columns) {
    const auto& codes = column->pooled()->codes;
    values.codes.insert(values.codes.end(), codes.begin(), codes.end());
  }
  return values;
}

TextValues concatenate_texts(std::size_t rows, std::span<const ColumnPtr> columns) {
  TextValues values;
  values.texts.reserve(rows);
  for (const ColumnPtr& column : columns) {
    const ColumnPtr texts = unpooled(column);
    const auto& from = std::get<TextValues>(texts->values);
    values.texts.insert(values.texts.end(), from.texts.begin(), from.texts.end());
    values.keep.insert(values.keep.end(), from.keep.begin(), from.keep.end());
  }
  // Parts of one column stand in the same things.
  std::ranges::sort(values.keep, std::less<>(), [](const auto& held) { return held.get(); });
  const auto same = std::ranges::unique(values.keep);
  values.keep.erase(same.begin(), same.end());
  return values;
}

ArrayValues concatenate_arrays(const DataType& type, std::size_t rows,
                               std::span<const ColumnPtr> columns) {
  ArrayValues values;
  values.ends.reserve(rows);
  std::vector<ColumnPtr> elements;
  std::uint64_t before = 0;
  for (const ColumnPtr& column : columns) {
    const ArrayValues& from = column->array();
    for (const std::uint64_t end : from.ends) values.ends.push_back(before + end);
    const std::uint64_t count = from.ends.empty() ? 0 : from.ends.back();
    elements.push_back(slice(from.elements, 0, count));
    before += count;
  }
  values.elements = concatenate(type.elements.at(0), elements);
  return values;
}

TupleValues concatenate_tuples(const DataType& type, std::span<const ColumnPtr> columns) {
  TupleValues values;
  std::vector<ColumnPtr> elements(columns.size());
  for (std::size_t i = 0; i < type.elements.size(); ++i) {
    std::ranges::transform(columns, elements.begin(),
                           [&](const ColumnPtr& column) { return column->tuple().elements.at(i); });
    values.elements.push_back(concatenate(type.elements[i], elements));
  }
  return values;
}

std::vector<std::uint8_t> concatenate_nulls(std::size_t rows, std::span<const ColumnPtr> columns) {
  const bool none =
      std::ranges::all_of(columns, [](const ColumnPtr& column) { return column->nulls.empty(); });
  std::vector<std::uint8_t> nulls;
  if (none) return nulls;
  nulls.reserve(rows);
  for (const ColumnPtr& column : columns) {
    nulls.insert(nulls.end(), column->nulls.begin(), column->nulls.end());
    if (column->nulls.empty()) nulls.resize(nulls.size() + column->rows, 0);
  }
  return nulls;
}

// One pool for all of them, so that codes say the same everywhere.
bool share_pool(std::span<const ColumnPtr> columns) {
  return std::ranges::all_of(columns, [&](const ColumnPtr& column) {
    return column->pooled() != nullptr && columns[0]->pooled() != nullptr &&
           column->pooled()->pool == columns[0]->pooled()->pool;
  });
}

}  // namespace

ColumnPtr concatenate(const DataType& type, std::span<const ColumnPtr> columns) {
  std::vector<ColumnPtr> parts;
  auto result = std::make_shared<Column>();
  result->type = type;
  for (const ColumnPtr& column : columns) {
    if (column->type.nullable) result->type = nullable(std::move(result->type));
    if (column->rows == 0) continue;
    result->rows += column->rows;
    parts.push_back(full(of_type(type, column)));
    assert(parts.back()->type.id == type.id);
  }
  if (parts.empty()) return full(constant_default(std::move(result->type), 0));
  if (parts.size() == 1 && parts[0]->type == result->type) return parts[0];

  if (type.id == TypeId::String) {
    if (share_pool(parts)) {
      result->values = concatenate_pooled(result->rows, parts);
    } else {
      result->values = concatenate_texts(result->rows, parts);
    }
  } else if (type.id == TypeId::Array) {
    ArrayValues values = concatenate_arrays(type, result->rows, parts);
    result->type.elements[0] = values.elements->type;
    result->values = std::move(values);
  } else if (type.id == TypeId::Tuple) {
    TupleValues values = concatenate_tuples(type, parts);
    for (std::size_t i = 0; i < values.elements.size(); ++i) {
      result->type.elements[i] = values.elements[i]->type;
    }
    result->values = std::move(values);
  } else {
    result->values = concatenate_fixed(width_of(type.id), result->rows, parts);
  }
  result->nulls = concatenate_nulls(result->rows, parts);
  return result;
}

}  // namespace grapevine::sql
