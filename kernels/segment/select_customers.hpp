#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <absl/status/statusor.h>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "kernels/segment/event_rows.hpp"

namespace grapevine {

/// Adds the customers [first, last) of whom `is_in(i)`, i counting from `first`, says so.
/// Precondition: `first` is a multiple of 64.
template <typename IsIn>
void add_customers(std::size_t first, std::size_t last, const IsIn& is_in, CustomerSet& set) {
  for (std::size_t begin = first; begin < last; begin += 64) {
    const std::size_t count = std::min<std::size_t>(64, last - begin);
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < count; ++i) {
      word |= std::uint64_t{is_in(begin - first + i) ? 1U : 0U} << i;
    }
    set.words()[begin / 64] |= word;
  }
}

/// A State of `customers_by_state` that says of all customers of a block at once who is in.
template <typename State>
concept AcceptsBlocks = requires(const State& state, std::span<std::uint64_t> words) {
  { state.accept(words) } -> std::same_as<void>;
};

/// Customers to a block of a state: more than usual where it keeps little of each.
template <typename State>
constexpr std::size_t customers_together() {
  if constexpr (requires { State::kCustomersTogether; }) return State::kCustomersTogether;
  return kCustomersPerTask;
}

/// The customers whose selected rows come to something: each worker has a State of its own, which
/// it resets for a block of customers, shows every stretch of rows, and then asks who is in.
///
/// State   `reset(customers)`, `add(run, rows, mask, first)` for each stretch, `finish()`,
///         `has(i)` for the i-th customer of the block; copied from `fresh`. It may have `accept(words)`
///         in the place of `has`, a bit a customer, whose bits beyond the last customer mean nothing.
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
  constexpr std::size_t kTogether = customers_together<State>();
  for_each_block(set.customers(), kTogether, [&](std::size_t first, std::size_t last) {
    if (stop.requested()) return;
    Worker& mine = workers.mine();
    mine.state.reset(last - first);
    events.for_each_stretch(first, last, mine.scratch,
                            [&](const Run& run, RowRange rows, std::span<const std::uint8_t> mask) {
                              mine.state.add(run, rows, mask, first);
                            });
    mine.state.finish();
    if constexpr (AcceptsBlocks<State>) {
      const std::span<std::uint64_t> words =
          set.words().subspan(first / 64, blocks_of(last - first, 64));
      mine.state.accept(words);
      if (last % 64 != 0) words.back() &= (std::uint64_t{1} << (last % 64)) - 1;
    } else {
      add_customers(
          first, last, [&](std::size_t i) { return mine.state.has(i); }, set);
    }
  });
  if (stop.requested()) return absl::CancelledError("stopped while reading events");
  return set;
}

}  // namespace grapevine
