#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "kernels/segment/run_range.hpp"
#include "storage/real_values.hpp"

namespace grapevine {

/// Calls `body(begin, values)` for one block of rows after another: `values` are those of the rows
/// from `begin` on. So a loop over them does not know how they are kept.
template <typename Body>
void for_each_reals(const RealValues& reals, RowRange rows, const Body& body) {
  std::array<double, RealValues::kReadTogether> block;
  for (std::size_t begin = rows.begin; begin < rows.end; begin += block.size()) {
    const auto values = std::span(block).first(std::min(block.size(), rows.end - begin));
    reals.read(begin, values);
    body(begin, std::span<const double>(values));
  }
}

}  // namespace grapevine
