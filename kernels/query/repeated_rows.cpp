#include "kernels/query/repeated_rows.hpp"

#include <algorithm>

namespace grapevine::sql {
namespace {

std::uint64_t elements_in(const Column& column, std::size_t begin, std::size_t end);

// Elements of the arrays in slots [begin, end), those of arrays in them too.
std::uint64_t elements_stored(const Column& column, std::size_t begin, std::size_t end) {
  if (begin >= end) return 0;
  if (column.type.id == TypeId::Tuple) {
    std::uint64_t elements = 0;
    for (const ColumnPtr& part : column.tuple().elements)
      elements += elements_in(*part, begin, end);
    return elements;
  }
  if (column.type.id != TypeId::Array) return 0;
  const ArrayValues& array = column.array();
  const std::size_t first = begin == 0 ? 0 : array.ends[begin - 1];
  const std::size_t last = array.ends[end - 1];
  return last - first + elements_in(*array.elements, first, last);
}

std::uint64_t elements_in(const Column& column, std::size_t begin, std::size_t end) {
  if (column.constant && begin < end) return (end - begin) * elements_stored(column, 0, 1);
  return elements_stored(column, begin, end);
}

bool holds_arrays(const DataType& type) {
  return type.id == TypeId::Array ||
         std::any_of(type.elements.begin(), type.elements.end(), holds_arrays);
}

}  // namespace

RepeatedRows::RepeatedRows(std::span<const std::uint64_t> ends, std::span<const ColumnPtr> columns)
    : ends_(ends) {
  for (const ColumnPtr& column : columns) {
    if (column == nullptr || !holds_arrays(column->type)) continue;
    elements_.resize(ends.size());
    for (std::size_t row = 0; row < ends.size(); ++row) {
      elements_[row] += elements_in(*column, row, row + 1);
    }
  }
}

bool RepeatedRows::next() {
  begin_ += rows_.size();
  rows_.clear();
  std::uint64_t elements = 0;
  for (std::size_t place = begin_; row_ < ends_.size(); ++row_) {
    std::uint64_t count = std::min<std::uint64_t>(ends_[row_] - place, kBlockRows - rows_.size());
    if (!elements_.empty() && elements_[row_] > 0) {
      const std::uint64_t left =
          kElementsOfStretch - std::min<std::uint64_t>(elements, kElementsOfStretch);
      // One place is taken whatever it holds.
      count =
          std::min(count, std::max<std::uint64_t>(left / elements_[row_], rows_.empty() ? 1 : 0));
      elements += count * elements_[row_];
    }
    rows_.insert(rows_.end(), count, static_cast<std::uint32_t>(row_));
    place += count;
    if (place < ends_[row_]) break;
  }
  return !rows_.empty();
}

}  // namespace grapevine::sql
