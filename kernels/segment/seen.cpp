#include "kernels/segment/seen.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <limits>
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

// The last events of the members among the rows of a run. Returns how many had none before.
std::size_t note_last(const LiveRun& live, RowRange rows, const CustomerSet& among, TimeMs as_of,
                      std::span<TimeMs> last) {
  const Run& run = *live;
  const std::uint64_t base = run.times.base();
  const std::span<const std::uint16_t> lows = run.customers.lows();
  // Rows of a customer ascend in time: where all count, the last one does.
  const bool last_row_counts = live.dead() == nullptr && run.last <= as_of;
  std::size_t found = 0;
  run.times.visit([&](const auto offsets) {
    run.customers.for_each(rows.begin, rows.end, [&](std::size_t row, CustomerId customer) {
      if (last_row_counts && row + 1 < rows.end && lows[row + 1] == lows[row]) return;
      if (!among.has(customer) || live.is_dead(row)) return;
      const auto at = static_cast<TimeMs>((base + offsets[row]) ^ Run::kSignBit);
      if (at > as_of) return;
      TimeMs& known = last[index(customer)];
      found += known == kNever ? 1 : 0;
      known = std::max(known, at);
    });
  });
  return found;
}

// Every run, the one with the latest event first.
std::vector<const LiveRun*> newest_first(const Snapshot& snapshot, TimeMs as_of) {
  std::vector<const LiveRun*> runs;
  for (const std::shared_ptr<const Part>& part : snapshot.parts()) {
    for (const LiveRun& live : part->runs) {
      if (live->first <= as_of) runs.push_back(&live);
    }
  }
  std::stable_sort(runs.begin(), runs.end(),
                   [](const LiveRun* a, const LiveRun* b) { return (*a)->last > (*b)->last; });
  return runs;
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

absl::StatusOr<std::vector<TimeMs>> last_times(const Snapshot& snapshot, const CustomerSet& among,
                                               TimeMs as_of, const Stop& stop) {
  const std::vector<const LiveRun*> runs = newest_first(snapshot, as_of);
  const std::size_t customers = among.customers();
  std::vector<TimeMs> last(blocks_of(customers, 64) * 64, kNever);
  constexpr std::size_t kTogether = 4 * kCustomersPerTask;  // Where a run's rows begin is searched.
  for_each_block(customers, kTogether, [&](std::size_t begin, std::size_t end) {
    std::size_t unknown = 0;  // Members without an event so far.
    for (std::size_t w = begin / 64; w * 64 < end; ++w) {
      unknown += static_cast<std::size_t>(std::popcount(among.words()[w]));
    }
    TimeMs earliest = kNever;  // Of the members' last ones, once all are known.
    for (const LiveRun* live : runs) {
      if (stop.requested()) return;
      if (unknown == 0 && (*live)->last <= earliest) return;
      const RowRange rows = rows_of_customers(**live, begin, end);
      unknown -= note_last(*live, rows, among, as_of, last);
      if (unknown > 0 || earliest != kNever) continue;
      earliest = std::numeric_limits<TimeMs>::max();
      for (std::size_t i = begin; i < end; ++i) {
        if (last[i] != kNever) earliest = std::min(earliest, last[i]);
      }
    }
  });
  if (stop.requested()) return absl::CancelledError("stopped while looking for last events");
  return last;
}

}  // namespace grapevine
