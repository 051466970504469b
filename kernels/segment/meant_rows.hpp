#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/segment/run_range.hpp"
#include "storage/part.hpp"

namespace grapevine {

/// Calls `body(row, customer)` for the rows that `mask` (a byte a row; empty: all) means.
template <typename Body>
void for_each_meant(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
                    const Body& body) {
  if (mask.empty()) return run.customers.for_each(rows.begin, rows.end, body);
  run.customers.for_each(rows.begin, rows.end, [&](std::size_t row, CustomerId customer) {
    if (mask[row - rows.begin] != 0) body(row, customer);
  });
}

}  // namespace grapevine
