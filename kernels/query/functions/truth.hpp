#pragma once

#include <cstdint>
#include <vector>

#include "kernels/query/column.hpp"

namespace grapevine::sql {

/// Whether a type can stand where a condition is: numbers, Bool and NULL.
bool is_condition(const DataType& type);

/// What a condition comes to in each row: 0 false, 1 true, 2 NULL.
/// Precondition: is_condition(column->type).
inline constexpr std::uint8_t kUnknown = 2;
std::vector<std::uint8_t> truths_of(const ColumnPtr& column, std::size_t rows);

/// The same as a column of Bool or UInt8, which is nullable if asked for.
ColumnPtr column_of_truths(std::vector<std::uint8_t> truths, DataType type);

}  // namespace grapevine::sql
