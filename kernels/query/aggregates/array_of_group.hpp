#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/query/column.hpp"

namespace grapevine::sql {

/// An array a group: its elements are the rows offsets[group] to offsets[group + 1] of `elements`.
/// Elements have no NULL.
ColumnPtr array_of_group(const ColumnPtr& elements, std::span<const std::size_t> offsets);

}  // namespace grapevine::sql
