#pragma once

#include "kernels/query/column.hpp"

namespace grapevine::sql {

/// The column with every row's value stored, as one that may be written: itself where nobody else has
/// it, else a copy.
std::shared_ptr<Column> writable(ColumnPtr column);

/// A copy under another type that keeps values the same way, with these NULLs.
ColumnPtr retyped(ColumnPtr column, DataType type, std::vector<std::uint8_t> nulls = {});

}  // namespace grapevine::sql
