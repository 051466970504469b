#include "kernels/query/column.hpp"

#include <algorithm>
#include <cstring>

namespace grapevine::sql {
namespace {

// A column of stored values that are all the default of the type.
std::shared_ptr<Column> new_default(DataType type) {
  if (width_of(type.id) > 0) {
    auto column = new_fixed(std::move(type), 1, true);
    std::memset(std::get<FixedValues>(column->values).data<std::byte>(), 0,
                width_of(column->type.id));
    return column;
  }
  auto column = std::make_shared<Column>();
  column->rows = 1;
  column->constant = true;
  if (type.id == TypeId::String) {
    column->values = TextValues{.texts = {std::string_view("")}, .keep = {}};
  } else if (type.id == TypeId::Array) {
    column->values = ArrayValues{
        .ends = {0}, .elements = slice(full(constant_default(type.elements.at(0), 1)), 0, 0)};
  } else {
    TupleValues tuple;
    for (const DataType& element : type.elements) {
      tuple.elements.push_back(constant_default(element, 1));
    }
    column->values = std::move(tuple);
  }
  column->type = std::move(type);
  return column;
}

}  // namespace

std::size_t Column::bytes() const {
  struct Visitor {
    const Column& column;
    std::size_t operator()(const FixedValues&) const {
      return column.stored() * width_of(column.type.id);
    }
    std::size_t operator()(const TextValues& values) const {
      return values.texts.capacity() * sizeof(values.texts[0]);
    }
    std::size_t operator()(const PooledValues& values) const {
      return values.codes.capacity() * sizeof(values.codes[0]);
    }
    std::size_t operator()(const ArrayValues& values) const {
      return values.ends.capacity() * sizeof(values.ends[0]) + values.elements->bytes();
    }
    std::size_t operator()(const TupleValues& values) const {
      std::size_t bytes = 0;
      for (const ColumnPtr& element : values.elements) bytes += element->bytes();
      return bytes;
    }
  };
  return sizeof(Column) + nulls.capacity() + std::visit(Visitor{*this}, values);
}

std::shared_ptr<Column> new_fixed(DataType type, std::size_t rows, bool constant) {
  auto column = std::make_shared<Column>();
  column->values = FixedValues((constant ? 1 : rows) * width_of(type.id));
  column->type = std::move(type);
  column->rows = rows;
  column->constant = constant;
  return column;
}

ColumnPtr constant_text(std::string text, std::size_t rows) {
  auto column = std::make_shared<Column>();
  column->type = plain(TypeId::String);
  column->rows = rows;
  column->constant = true;
  auto kept = std::make_shared<const std::string>(std::move(text));
  TextValues values;
  values.texts.push_back(*kept);
  values.keep.push_back(std::move(kept));
  column->values = std::move(values);
  return column;
}

ColumnPtr constant_null(DataType type, std::size_t rows) {
  auto column = new_default(std::move(type));
  column->rows = rows;
  column->nulls.assign(1, 1);
  return column;
}

ColumnPtr constant_default(DataType type, std::size_t rows) {
  if (type.nullable) return constant_null(std::move(type), rows);
  auto column = new_default(std::move(type));
  column->rows = rows;
  return column;
}

ColumnPtr resized(const ColumnPtr& constant, std::size_t rows) {
  if (constant->rows == rows) return constant;
  auto column = std::make_shared<Column>();
  column->type = constant->type;
  column->rows = rows;
  column->constant = true;
  column->nulls = constant->nulls;
  if (const auto* fixed = std::get_if<FixedValues>(&constant->values)) {
    const std::size_t width = width_of(constant->type.id);
    FixedValues copy(width);
    std::memcpy(copy.data<std::byte>(), fixed->data<std::byte>(), width);
    column->values = std::move(copy);
  } else if (const auto* texts = std::get_if<TextValues>(&constant->values)) {
    column->values = *texts;
  } else if (const auto* pooled = std::get_if<PooledValues>(&constant->values)) {
    column->values = *pooled;
  } else if (const auto* array = std::get_if<ArrayValues>(&constant->values)) {
    column->values = *array;
  } else {
    column->values = std::get<TupleValues>(constant->values);
  }
  return column;
}

ColumnPtr unpooled(const ColumnPtr& column) {
  const PooledValues* pooled = column->pooled();
  if (pooled == nullptr) return column;
  auto copy = std::make_shared<Column>();
  copy->type = column->type;
  copy->rows = column->rows;
  copy->constant = column->constant;
  copy->nulls = column->nulls;
  TextValues values;
  values.texts.resize(pooled->codes.size());
  if (pooled->pool->size() > 0) {
    for (std::size_t i = 0; i < values.texts.size(); ++i) {
      values.texts[i] = pooled->pool->at(pooled->codes[i]);
    }
  }
  values.keep.push_back(pooled->pool);
  copy->values = std::move(values);
  return copy;
}

}  // namespace grapevine::sql
