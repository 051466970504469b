#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "api/sql/bind/bound.hpp"
#include "kernels/segment/value_test.hpp"
#include "storage/value.hpp"

namespace grapevine::sql {

enum class Compare : std::uint8_t { Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual };

/// A comparison of a column with a constant, the column on the left.
struct ColumnComparison {
  const Bound* column = nullptr;
  Compare compare = Compare::Equal;
  ColumnPtr value;
};
/// nullopt: the condition is none, or its constant is NULL.
std::optional<ColumnComparison> column_comparison(const Bound& condition);

/// Whether a text compares so with a constant text.
bool holds(std::string_view text, Compare compare, const ColumnPtr& value);

/// A condition on the values of one stored column, as the store can test it.
struct ValueCondition {
  std::size_t column = 0;
  ValueTest test;
  bool negated = false;  ///< IS NULL: of those without a value.
};

/// What the column of that number is kept as; nullopt: it is no stored column.
using KeptAs = std::function<std::optional<ValueType>(std::size_t column)>;

/// The condition as a test of values; nullopt: it must be asked of rows.
std::optional<ValueCondition> value_condition(const Bound& condition, const KeptAs& kept_as);

}  // namespace grapevine::sql
