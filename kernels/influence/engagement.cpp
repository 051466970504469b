#include "kernels/influence/engagement.hpp"

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string_view>
#include <variant>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/event_rows.hpp"
#include "kernels/segment/run_range.hpp"
#include "storage/schema.hpp"

namespace grapevine {
namespace {

constexpr float kNeutral = 0.05F;  // Up to here a sentiment is neither good nor bad.

EventSelection events_until(const Snapshot& snapshot, std::initializer_list<std::string_view> names,
                            TimeMs as_of) {
  EventSelection rows;
  for (const std::string_view name : names) rows.events.push_back(snapshot.find_event(name));
  if (as_of != INT64_MAX) rows.to = as_of + 1;
  return rows;
}

// Adds up `worth(run, row)` of each customer's selected rows.
template <typename Worth>
absl::StatusOr<std::vector<std::int64_t>> add_up(const Snapshot& snapshot,
                                                 const EventSelection& selection,
                                                 const Worth& worth, const Stop& stop) {
  const EventRows events(snapshot, selection, {}, {});
  std::vector<std::int64_t> sums(events.customers());
  WorkerLocal<EventRows::Scratch> scratch([] { return EventRows::Scratch(); });
  for_each_block(events.customers(), kCustomersPerTask, [&](std::size_t first, std::size_t last) {
    if (stop.requested()) return;
    events.for_each_stretch(first, last, scratch.mine(),
                            [&](const Run& run, RowRange rows, std::span<const std::uint8_t> mask) {
                              const auto of_row = worth(run);
                              run.customers.for_each(
                                  rows.begin, rows.end, [&](std::size_t row, CustomerId customer) {
                                    if (!mask.empty() && mask[row - rows.begin] == 0) return;
                                    sums[index(customer)] += of_row(row, customer);
                                  });
                            });
  });
  if (stop.requested()) return absl::CancelledError("stopped while reading social events");
  return sums;
}

}  // namespace

absl::StatusOr<std::vector<std::int64_t>> count_answers(const Snapshot& snapshot, TimeMs as_of,
                                                        const Stop& stop) {
  const EventSelection rows = events_until(snapshot, {"Ticket Answered", "Post Replied"}, as_of);
  const auto worth = [&](const Run& run) {
    return [&](std::size_t row, CustomerId customer) -> std::int64_t {
      const CustomerId whom = snapshot.target(run, row);
      return whom != kNobody && whom != customer ? 1 : 0;
    };
  };
  return add_up(snapshot, rows, worth, stop);
}

absl::StatusOr<std::vector<std::int64_t>> net_advocacy(const Snapshot& snapshot,
                                                       const std::vector<std::string>& brands,
                                                       TimeMs as_of, const Stop& stop) {
  EventSelection rows = events_until(snapshot,
                                     {"Post Created", "Post Shared", "Post Replied",
                                      "Customer Mentioned", "Product Reviewed", "Product Shared"},
                                     as_of);
  if (!brands.empty()) {
    ColumnRule rule{column_id(CoreColumn::Brand), {}, false};
    rule.test.texts = brands;
    rows.where.push_back(std::move(rule));
  }
  const auto worth = [](const Run& run) {
    const RunColumn* column = run.column(column_id(CoreColumn::Sentiment));
    const RealValues* values =
        column == nullptr ? nullptr : std::get_if<RealValues>(&column->values);
    return [column, values](std::size_t row, CustomerId) -> std::int64_t {
      if (values == nullptr || !column->has(row)) return 0;
      const auto sentiment = static_cast<float>(values->at(row));
      return (sentiment > kNeutral ? 1 : 0) - (sentiment < -kNeutral ? 1 : 0);
    };
  };
  return add_up(snapshot, rows, worth, stop);
}

}  // namespace grapevine
