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
      for (std::size_t row = 0; row < rows; ++row) truths[row] = values[row] != Value{0};
    }
  });
  if (column->nulls.empty()) return truths;
  if (column->constant) {
    if (column->nulls[0] != 0) std::fill(truths.begin(), truths.end(), kUnknown);
  } else {
    for (std::size_t row = 0; row < rows; ++row) {
      truths[row] = column->nulls[row] != 0 ? kUnknown : truths[row];
    }
  }
  return truths;
}

ColumnPtr column_of_truths(std::vector<std::uint8_t> truths, DataType type) {
  const bool may_be_null = type.nullable;
  auto result = new_fixed(std::move(type), truths.size());
  auto* to = result->fixed<std::uint8_t>().data();
  for (std::size_t row = 0; row < truths.size(); ++row) to[row] = truths[row] & 1;
  if (may_be_null) {
    for (std::uint8_t& truth : truths) truth = truth == kUnknown;
    result->nulls = std::move(truths);
  }
  return result;
}

}  // namespace grapevine::sql
