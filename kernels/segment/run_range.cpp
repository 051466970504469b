#include "kernels/segment/run_range.hpp"

#include <algorithm>

namespace grapevine {

RowRange rows_of_customers(const Run& run, std::size_t first, std::size_t last) {
  return {run.customers.lower_bound(first), run.customers.lower_bound(last)};
}

RowRange rows_of_block(const Run& run, std::size_t block) {
  const auto blocks = run.customers.blocks();
  const auto found = std::lower_bound(
      blocks.begin(), blocks.end(), block,
      [](const CustomerColumn::Block& a, std::size_t high) { return a.high < high; });
  if (found == blocks.end() || found->high != block) return {};
  return {found->begin, found + 1 == blocks.end() ? run.size() : (found + 1)->begin};
}

}  // namespace grapevine
