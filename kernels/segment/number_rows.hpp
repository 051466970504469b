#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>

#include "kernels/segment/real_blocks.hpp"
#include "kernels/segment/run_range.hpp"
#include "storage/part.hpp"

namespace grapevine {

/// Calls `body(customer, number)` for each row of `rows` that `mask` (a byte a row; empty: all)
/// means and that has a number in the column: an int64 or a double, as it is kept.
template <typename Body>
void for_each_number(const Run& run, RowRange rows, std::span<const std::uint8_t> mask, ColumnId of,
                     const Body& body) {
  const RunColumn* column = run.column(of);
  if (column == nullptr) return;
  const auto visit = [&](std::size_t begin, std::size_t end, const auto& value_of) {
    run.customers.for_each(begin, end, [&](std::size_t row, CustomerId customer) {
      if (!mask.empty() && mask[row - rows.begin] == 0) return;
      if (column->has(row)) body(customer, value_of(row));
    });
  };
  if (const auto* whole = std::get_if<Int64Values>(&column->values)) {
    whole->numbers.visit([&](const auto offsets) {
      visit(rows.begin, rows.end, [&](std::size_t row) {
        return Int64Values::number(whole->numbers.base() + offsets[row]);
      });
    });
  }
  if (const auto* real = std::get_if<RealValues>(&column->values)) {
    for_each_reals(*real, rows, [&](std::size_t begin, std::span<const double> values) {
      visit(begin, begin + values.size(), [&](std::size_t row) { return values[row - begin]; });
    });
  }
}

}  // namespace grapevine
