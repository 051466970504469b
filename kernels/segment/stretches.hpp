#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "kernels/segment/event_selection.hpp"
#include "kernels/segment/run_range.hpp"
#include "storage/part.hpp"

namespace grapevine {

/// Calls `body(live, rows, mask)` for the stretches of runs that hold selected rows of customers
/// [first, last): `mask` says which of them are meant, and is empty where all are.
template <typename Body>
void for_each_stretch(std::span<const std::shared_ptr<const Part>> parts, const RowFilter& filter,
                      std::size_t first, std::size_t last, std::vector<std::uint8_t>& scratch,
                      const Body& body) {
  for (const std::shared_ptr<const Part>& part : parts) {
    if (!filter.may_have(part->first, part->last)) continue;
    for (const EventNameId event : filter.selection().events) {
      const LiveRun* live = part->run(event);
      if (live == nullptr || !filter.may_have((*live)->first, (*live)->last)) continue;
      const RowRange rows = rows_of_customers(**live, first, last);
      if (rows.begin != rows.end) body(*live, rows, filter.meant(*live, rows, scratch));
    }
  }
}

/// Calls `body(row, customer)` for the rows that are meant.
template <typename Body>
void for_each_meant(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
                    const Body& body) {
  if (mask.empty()) return run.customers.for_each(rows.begin, rows.end, body);
  run.customers.for_each(rows.begin, rows.end, [&](std::size_t row, CustomerId customer) {
    if (mask[row - rows.begin] != 0) body(row, customer);
  });
}

}  // namespace grapevine
