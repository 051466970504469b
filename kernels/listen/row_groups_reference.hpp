#pragma once

#include <cstddef>
#include <set>
#include <span>

#include "kernels/listen/group_dimension.hpp"
#include "storage/part.hpp"

namespace grapevine {

/// The groups of the dimensions [first, last) that a row is in, as numbers of their product, of
/// which the last one counts fastest: what GroupsOfRun must say, of one row alone.
std::set<std::size_t> row_groups_reference(const Run& run, std::size_t row,
                                           std::span<const GroupDimension> dimensions,
                                           std::size_t first, std::size_t last);

}  // namespace grapevine
