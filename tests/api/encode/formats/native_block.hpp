#pragma once

#include <string_view>
#include <vector>

#include "kernels/query/column.hpp"

namespace grapevine::sql {

/// Reads one block of ClickHouse's Native format as columns of those types (its own names of types
/// leave zones out). `pooled`: strings as codes of a pool. Fails the test on anything odd.
Block read_native(std::string_view bytes, const std::vector<DataType>& types, bool pooled);

}  // namespace grapevine::sql
