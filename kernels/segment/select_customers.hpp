#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <absl/status/statusor.h>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "kernels/segment/event_rows.hpp"

namespace grapevine {

/// Adds the customers [first, last) of whom `is_in(i)`, i counting from `first`, says so.
template <typename IsIn>
void add_customers(std::size_t first, std::size_t last, const IsIn& is_in, CustomerSet& set) {
  for (std::size_t customer = first; customer < last; ++customer) {
    const std::uint64_t inside = is_in(customer - first) ? 1 : 0;
    set.words()[customer / 64] |= inside << (customer % 64);
  }
}

/// The customers whose selected rows come to something: each worker has a State of its own, which
/// it resets for a block of customers, shows every stretch of rows, and then asks who is in.
///
/// State   `reset(customers)`, `add(run, rows, mask, first)` for each stretch, `finish()`,
///         `has(i)` for the i-th customer of the block; copied from `fresh`.
/// Errors  Cancelled: `stop` fired.
template <typename State>
absl::StatusOr<CustomerSet> customers_by_state(const EventRows& events, const State& fresh,
                                               const Stop& stop) {
  struct Worker {
    State state;
    EventRows::Scratch scratch;
  };
  CustomerSet set(events.customers());
  WorkerLocal<Worker> workers([&] { return Worker{fresh, {}}; });
  for_each_block(set.customers(), kCustomersPerTask, [&](std::size_t first, std::size_t last) {
    if (stop.requested()) return;
    Worker& mine = workers.mine();
    mine.state.reset(last - first);
    events.for_each_stretch(first, last, mine.scratch,
                            [&](const Run& run, RowRange rows, std::span<const std::uint8_t> mask) {
                              mine.state.add(run, rows, mask, first);
                            });
    mine.state.finish();
    add_customers(
        first, last, [&](std::size_t i) { return mine.state.has(i); }, set);
  });
  if (stop.requested()) return absl::CancelledError("stopped while reading events");
  return set;
}

}  // namespace grapevine
