#pragma once

#include <cstddef>

#include "storage/ids.hpp"
#include "storage/part.hpp"

namespace grapevine {

/// Customers to a task of the kernels that walk runs: their state fits a second-level cache, and a
/// task owns whole words of a CustomerSet.
inline constexpr std::size_t kCustomersPerTask = 4096;

/// Rows [begin, end) of a run.
struct RowRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The rows of customers [first, last). Cost: two searches, mostly of a few steps.
RowRange rows_of_customers(const Run& run, std::size_t first, std::size_t last);

/// Customers of a block of CustomerColumn.
inline constexpr std::size_t kCustomersPerBlock = std::size_t{1} << 16;

/// The rows of the customers [block × kCustomersPerBlock, (block + 1) × kCustomersPerBlock).
/// Cost: a binary search of the run's blocks, none of its rows.
RowRange rows_of_block(const Run& run, std::size_t block);

}  // namespace grapevine
