#include "api/execute/customer_events.hpp"

#include <algorithm>
#include <tuple>

#include "kernels/segment/run_range.hpp"

namespace grapevine {
namespace {

RowRange rows_of(const Run& run, CustomerId customer) {
  return rows_of_customers(run, index(customer), std::size_t{index(customer)} + 1);
}

}  // namespace

CustomerEvents::CustomerEvents(const Snapshot& snapshot, CustomerId customer, From from,
                               TimeMs until)
    : from_(from), until_(until) {
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& run : part->runs) {
      const RowRange rows = rows_of(*run, customer);
      put({&run, rows.begin, rows.end});
    }
  }
}

std::optional<CustomerEvents::Place> CustomerEvents::next() {
  if (heap_.empty()) return std::nullopt;
  const auto comes_later = [this](const Stretch& a, const Stretch& b) { return comes_after(a, b); };
  std::pop_heap(heap_.begin(), heap_.end(), comes_later);
  Stretch stretch = heap_.back();
  heap_.pop_back();
  const Place place{&**stretch.run, next_row(stretch)};
  drop_row(stretch);
  put(stretch);
  return place;
}

bool CustomerEvents::comes_after(const Stretch& a, const Stretch& b) const {
  const auto of_a = std::tie(a.ts, a.sequence);
  const auto of_b = std::tie(b.ts, b.sequence);
  return from_ == From::Earliest ? of_a > of_b : of_a < of_b;
}

void CustomerEvents::put(Stretch stretch) {
  const auto is_left_out = [&](std::size_t row) {
    return stretch.run->is_dead(row) || (*stretch.run)->time(row) > until_;
  };
  while (stretch.begin < stretch.end && is_left_out(next_row(stretch))) drop_row(stretch);
  if (stretch.begin == stretch.end) return;
  stretch.ts = (*stretch.run)->time(next_row(stretch));
  stretch.sequence = (*stretch.run)->sequences.at(next_row(stretch));
  heap_.push_back(stretch);
  std::push_heap(heap_.begin(), heap_.end(),
                 [this](const Stretch& a, const Stretch& b) { return comes_after(a, b); });
}

CustomerCounts count_events(const Snapshot& snapshot, CustomerId customer, TimeMs until) {
  CustomerCounts counts;
  counts.by_event.resize(snapshot.event_counts().size());
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& run : part->runs) {
      const RowRange rows = rows_of(*run, customer);
      for (std::size_t row = rows.begin; row < rows.end; ++row) {
        const TimeMs ts = run->time(row);
        if (ts > until || run.is_dead(row)) continue;
        ++counts.by_event[index(run->event)];
        counts.first_seen = std::min(counts.first_seen.value_or(ts), ts);
        counts.last_seen = std::max(counts.last_seen.value_or(ts), ts);
      }
    }
  }
  return counts;
}

}  // namespace grapevine
