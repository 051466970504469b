#include "kernels/query/value_bytes.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <utility>

namespace grapevine::sql {
namespace {

template <typename Number>
void append_number(Number number, std::string& bytes) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

template <typename Number>
Number take_number(std::string_view& bytes) {
  Number number;
  std::memcpy(&number, bytes.data(), sizeof number);
  bytes.remove_prefix(sizeof number);
  return number;
}

template <typename Float>
void append_float(Float number, std::string& bytes) {
  append_number(std::isnan(number) ? std::numeric_limits<Float>::quiet_NaN() : number, bytes);
}

void append_stored(const Column& column, std::size_t slot, std::string& bytes);

void append_slot(const Column& column, std::size_t slot, std::string& bytes) {
  if (column.type.nullable) {
    const bool is_null =
        column.type.id == TypeId::Nothing || (!column.nulls.empty() && column.nulls[slot] != 0);
    bytes.push_back(is_null ? 1 : 0);
    if (is_null) return;
  }
  append_stored(column, slot, bytes);
}

void append_stored(const Column& column, std::size_t slot, std::string& bytes) {
  switch (column.type.id) {
    case TypeId::Nothing: return;
    case TypeId::String: {
      const std::string_view text = column.text(slot);
      append_number<std::uint64_t>(text.size(), bytes);
      bytes.append(text);
      return;
    }
    case TypeId::Array: {
      const ArrayValues& array = column.array();
      const std::uint64_t begin = slot == 0 ? 0 : array.ends[slot - 1];
      append_number<std::uint64_t>(array.ends[slot] - begin, bytes);
      for (std::uint64_t i = begin; i != array.ends[slot]; ++i) {
        append_slot(*array.elements, array.elements->slot(i), bytes);
      }
      return;
    }
    case TypeId::Tuple:
      for (const ColumnPtr& element : column.tuple().elements) {
        append_slot(*element, element->slot(slot), bytes);
      }
      return;
    case TypeId::Float32: return append_float(column.fixed<float>()[slot], bytes);
    case TypeId::Float64: return append_float(column.fixed<double>()[slot], bytes);
    default: break;
  }
  const std::size_t width = width_of(column.type.id);
  const char* const values = std::get<FixedValues>(column.values).data<char>();
  bytes.append(values + slot * width, width);
}

}  // namespace

void append_value(const Column& column, std::size_t row, std::string& bytes) {
  append_slot(column, column.slot(row), bytes);
}

void append_default(const DataType& type, std::string& bytes) {
  if (type.nullable) {
    bytes.push_back(1);
  } else if (type.id == TypeId::String || type.id == TypeId::Array) {
    append_number<std::uint64_t>(0, bytes);
  } else if (type.id == TypeId::Tuple) {
    for (const DataType& element : type.elements) append_default(element, bytes);
  } else if (type.id != TypeId::Nothing) {
    bytes.append(width_of(type.id), '\0');
  }
}

ColumnPtr with_nulls(ColumnPtr column, std::vector<std::uint8_t> nulls) {
  if (nulls.empty() && column->nulls.empty() && !column->type.nullable) return column;
  if (column.use_count() != 1) {  // Others look at it.
    std::vector<std::uint32_t> rows(column->rows);
    std::iota(rows.begin(), rows.end(), 0);
    column = gather(column, rows);
  }
  // Nobody else does, and no column is made const.
  const auto own = std::const_pointer_cast<Column>(std::move(column));
  own->type = nulls.empty() ? not_null(own->type) : nullable(own->type);
  own->nulls = std::move(nulls);
  return own;
}

ValueBytesReader::ValueBytesReader(DataType type) : type_(std::move(type)) {
  for (const DataType& element : type_.elements) elements_.emplace_back(element);
  width_ = width_of(type_.id);
}

void ValueBytesReader::read(std::string_view& bytes) {
  if (type_.nullable && take_number<std::uint8_t>(bytes) != 0) return add_default();
  ++rows_;
  if (type_.nullable) nulls_.push_back(0);
  if (type_.id == TypeId::String) {
    const auto size = take_number<std::uint64_t>(bytes);
    texts_.add(bytes.substr(0, size));
    bytes.remove_prefix(size);
  } else if (type_.id == TypeId::Array) {
    const auto size = take_number<std::uint64_t>(bytes);
    for (std::uint64_t i = 0; i < size; ++i) elements_[0].read(bytes);
    ends_.push_back((ends_.empty() ? 0 : ends_.back()) + size);
  } else if (type_.id == TypeId::Tuple) {
    for (ValueBytesReader& element : elements_) element.read(bytes);
  } else {
    const std::size_t width = type_.id == TypeId::Nothing ? 0 : width_;
    fixed_.insert(fixed_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(width));
    bytes.remove_prefix(width);
    fixed_.resize(rows_ * width_);
  }
}

void ValueBytesReader::add_default() {
  ++rows_;
  if (type_.nullable) nulls_.push_back(1);
  if (type_.id == TypeId::String) {
    texts_.add({});
  } else if (type_.id == TypeId::Array) {
    ends_.push_back(ends_.empty() ? 0 : ends_.back());
  } else if (type_.id == TypeId::Tuple) {
    for (ValueBytesReader& element : elements_) element.add_default();
  } else {
    fixed_.resize(rows_ * width_);
  }
}

ColumnPtr ValueBytesReader::finish() && {
  if (type_.id == TypeId::String)
    return std::move(texts_).finish(type_.nullable, std::move(nulls_));
  auto column = std::make_shared<Column>();
  column->type = type_;
  column->rows = rows_;
  column->nulls = std::move(nulls_);
  if (type_.id == TypeId::Array) {
    column->values = ArrayValues{std::move(ends_), std::move(elements_[0]).finish()};
  } else if (type_.id == TypeId::Tuple) {
    TupleValues tuple;
    for (ValueBytesReader& element : elements_)
      tuple.elements.push_back(std::move(element).finish());
    column->values = std::move(tuple);
  } else {
    FixedValues values(fixed_.size());
    if (!fixed_.empty()) std::memcpy(values.data<char>(), fixed_.data(), fixed_.size());
    column->values = std::move(values);
  }
  return column;
}

}  // namespace grapevine::sql
