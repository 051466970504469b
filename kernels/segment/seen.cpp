#include "kernels/segment/seen.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/run_range.hpp"

namespace grapevine {
namespace {

// What a run says about the customers of rows `rows`. Rows ascend by customer, then by time.
void note_rows(const LiveRun& live, RowRange rows, TimeMs as_of, SeenTimes& seen) {
  const Run& run = *live;
  const std::uint64_t base = run.times.base();
  run.times.visit([&](const auto offsets) {
    const auto time = [&](std::size_t row) {
      return static_cast<TimeMs>((base + offsets[row]) ^ Run::kSignBit);
    };
    run.customers.for_each(rows.begin, rows.end, [&](std::size_t row, CustomerId customer) {
      const TimeMs at = time(row);
      if (at > as_of || live.is_dead(row)) return;
      TimeMs& first = seen.first[index(customer)];
      TimeMs& last = seen.last[index(customer)];
      first = first == kNever ? at : std::min(first, at);
      last = std::max(last, at);  // kNever is below every time.
    });
  });
}

}  // namespace

absl::StatusOr<SeenTimes> seen_times(const Snapshot& snapshot, TimeMs as_of, const Stop& stop) {
  const std::size_t customers = snapshot.customers().count();
  const std::size_t padded = blocks_of(customers, 64) * 64;
  SeenTimes seen{std::vector<TimeMs>(padded, kNever), std::vector<TimeMs>(padded, kNever)};
  const auto parts = snapshot.parts();
  for_each_block(customers, kCustomersPerTask, [&](std::size_t first, std::size_t last) {
    for (const std::shared_ptr<const Part>& part : parts) {
      if (part->first > as_of) continue;
      for (const LiveRun& run : part->runs) {
        if (stop.requested()) return;
        if (run->first > as_of) continue;
        note_rows(run, rows_of_customers(*run, first, last), as_of, seen);
      }
    }
  });
  if (stop.requested()) return absl::CancelledError("stopped while looking for first events");
  return seen;
}

}  // namespace grapevine
