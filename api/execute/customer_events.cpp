#include "api/execute/customer_events.hpp"

#include <algorithm>
#include <tuple>

#include "kernels/segment/run_range.hpp"

namespace grapevine {

CustomerEvents::CustomerEvents(const Snapshot& snapshot, CustomerId customer) {
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& run : part->runs) {
      const RowRange rows =
          rows_of_customers(*run, index(customer), std::size_t{index(customer)} + 1);
      put({&run, rows.begin, rows.end});
    }
  }
}

std::optional<CustomerEvents::Place> CustomerEvents::next() {
  if (heap_.empty()) return std::nullopt;
  std::pop_heap(heap_.begin(), heap_.end(), is_later);
  const Stretch earliest = heap_.back();
  heap_.pop_back();
  put({earliest.run, earliest.row + 1, earliest.end});
  return Place{&**earliest.run, earliest.row};
}

bool CustomerEvents::is_later(const Stretch& a, const Stretch& b) {
  return std::tie(a.ts, a.sequence) > std::tie(b.ts, b.sequence);
}

void CustomerEvents::put(Stretch stretch) {
  while (stretch.row < stretch.end && stretch.run->is_dead(stretch.row)) ++stretch.row;
  if (stretch.row == stretch.end) return;
  stretch.ts = (*stretch.run)->time(stretch.row);
  stretch.sequence = (*stretch.run)->sequences.at(stretch.row);
  heap_.push_back(stretch);
  std::push_heap(heap_.begin(), heap_.end(), is_later);
}

}  // namespace grapevine
