#pragma once

#include <cstddef>
#include <vector>

#include "kernels/query/column.hpp"

namespace grapevine::sql {

/// The rows of a block as blocks that take at most so many bytes each once they are written out, about;
/// one row may take more. Constants count in every row: written out, they are in each.
/// Cost  a look at each text, if the block is large a few.
std::vector<Block> cut_rows(Block block, std::size_t bytes_max);

}  // namespace grapevine::sql
