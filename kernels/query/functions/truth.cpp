#include "kernels/query/functions/truth.hpp"

#include <algorithm>
#include <utility>

#include "kernels/query/functions/numbers.hpp"

namespace grapevine::sql {

bool is_condition(const DataType& type) {
  return is_numeric(type.id) || type.id == TypeId::Nothing;
}

std::vector<std::uint8_t> truths_of(const ColumnPtr& column, std::size_t rows) {
  std::vector<std::uint8_t> truths(rows);
  // Bytes that are written may be anything, the vector's own pointers included, but for these.
  std::uint8_t* const to = truths.data();
  if (column->type.id == TypeId::Nothing) {
    std::fill(truths.begin(), truths.end(), kUnknown);
    return truths;
  }
  with_value_type(column->type.id, [&](auto zero) {
    using Value = decltype(zero);
    const Value* values = column->fixed<Value>().data();
    if (column->constant) {
      const bool truth = values[0] != Value{0};
      std::fill(truths.begin(), truths.end(), static_cast<std::uint8_t>(truth));
    } else {
      for (std::size_t row = 0; row < rows; ++row) to[row] = values[row] != Value{0};
    }
  });
  if (column->nulls.empty()) return truths;
  if (column->constant) {
    if (column->nulls[0] != 0) std::fill(truths.begin(), truths.end(), kUnknown);
  } else {
    const std::uint8_t* const nulls = column->nulls.data();
    for (std::size_t row = 0; row < rows; ++row) to[row] = nulls[row] != 0 ? kUnknown : to[row];
  }
  return truths;
}

ColumnPtr column_of_truths(std::vector<std::uint8_t> truths, DataType type) {
  const bool may_be_null = type.nullable;
  auto result = new_fixed(std::move(type), truths.size());
  auto* to = result->fixed<std::uint8_t>().data();
  const std::size_t rows = truths.size();
  std::uint8_t* const from = truths.data();
  for (std::size_t row = 0; row < rows; ++row) to[row] = from[row] & 1;
  if (may_be_null) {
    std::uint8_t any = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      from[row] = from[row] == kUnknown;
      any |= from[row];
    }
    if (any != 0) result->nulls = std::move(truths);
  }
  return result;
}

}  // namespace grapevine::sql
