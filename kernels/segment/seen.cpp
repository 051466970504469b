#include "kernels/segment/seen.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/bit_bytes.hpp"
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

// The last events of the members among a block of customers.
class LastOfBlock {
 public:
  // The block is that of customers from `begin` on, in one block of CustomerColumn. `last`: what is
  // known of them.
  void reset(const CustomerSet& among, std::size_t begin, std::span<const TimeMs> last) {
    first_low_ = static_cast<std::uint16_t>(begin);
    is_member_.resize(last.size());
    bytes_of_bits(among.words(), begin, is_member_);
    unknown_ = 0;
    for (std::size_t i = 0; i < last.size(); ++i) {
      unknown_ += is_member_[i] & static_cast<std::size_t>(last[i] == kNever);
    }
  }

  // Members without an event so far.
  [[nodiscard]] std::size_t unknown() const { return unknown_; }

  // `rows`: those of the block; `last`: by customer of the block. Rows are picked before their times
  // are read, without a branch: nobody could guess who is a member.
  void note(const LiveRun& live, RowRange rows, TimeMs as_of, std::span<TimeMs> last) {
    const std::uint16_t* lows = live->customers.lows().data();
    // Rows of a customer ascend in time: where all count, the last one does.
    const bool last_row_counts = live.dead() == nullptr && live->last <= as_of;
    for (std::size_t begin = rows.begin; begin < rows.end; begin += kRowsTogether) {
      const std::size_t end = std::min(begin + kRowsTogether, rows.end);
      std::size_t count = 0;
      for (std::size_t row = begin; row < end; ++row) {
        picked_[count] = static_cast<std::uint32_t>(row);
        const bool may_be_last =
            !last_row_counts || row + 1 == rows.end || lows[row + 1] != lows[row];
        count += is_member_[lows[row] - first_low_] & static_cast<std::size_t>(may_be_last);
      }
      note_picked(live, count, as_of, last);
    }
  }

 private:
  static constexpr std::size_t kRowsTogether = 1024;

  void note_picked(const LiveRun& live, std::size_t count, TimeMs as_of, std::span<TimeMs> last) {
    const std::uint16_t* lows = live->customers.lows().data();
    const std::uint64_t base = live->times.base();
    live->times.visit([&](const auto offsets) {
      for (std::size_t i = 0; i < count; ++i) {
        const std::size_t row = picked_[i];
        const auto at = static_cast<TimeMs>((base + offsets[row]) ^ Run::kSignBit);
        if (at > as_of || live.is_dead(row)) continue;
        TimeMs& known = last[lows[row] - first_low_];
        unknown_ -= known == kNever ? 1 : 0;
        known = std::max(known, at);
      }
    });
  }

  std::uint16_t first_low_ = 0;
  std::vector<std::uint8_t> is_member_;
  std::size_t unknown_ = 0;
  std::array<std::uint32_t, kRowsTogether> picked_;
};

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

// Notes what some runs, the newest first, say about members.
void note_last(std::span<const LiveRun* const> runs, const CustomerSet& among, TimeMs as_of,
               std::span<TimeMs> last, const Stop& stop) {
  WorkerLocal<LastOfBlock> workers([] { return LastOfBlock(); });
  constexpr std::size_t kTogether = 4 * kCustomersPerTask;  // Where a run's rows begin is searched.
  for_each_block(among.customers(), kTogether, [&](std::size_t begin, std::size_t end) {
    LastOfBlock& mine = workers.mine();
    const auto of_block = last.subspan(begin, end - begin);
    mine.reset(among, begin, of_block);
    TimeMs earliest = kNever;  // Of the members' last ones, once all are known.
    for (const LiveRun* live : runs) {
      if (stop.requested()) return;
      if (mine.unknown() == 0 && (*live)->last <= earliest) return;
      const RowRange rows = rows_of_customers(**live, begin, end);
      mine.note(*live, rows, as_of, of_block);
      if (mine.unknown() > 0 || earliest != kNever) continue;
      earliest = std::numeric_limits<TimeMs>::max();
      for (const TimeMs time : of_block) {
        if (time != kNever) earliest = std::min(earliest, time);
      }
    }
  });
}

std::uint64_t twice(std::uint64_t number) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  return number > kMost / 2 ? kMost : 2 * number;
}

std::size_t count_after(TimeMs until, std::span<const TimeMs> times) {
  std::atomic<std::size_t> count = 0;
  for_each_block(times.size(), std::size_t{1} << 16, [&](std::size_t begin, std::size_t end) {
    std::size_t here = 0;
    for (std::size_t i = begin; i < end; ++i) here += times[i] > until ? 1 : 0;
    count += here;
  });
  return count;
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

absl::StatusOr<LastSeen> last_times(const Snapshot& snapshot, const CustomerSet& among,
                                    TimeMs as_of, std::size_t most, const Stop& stop) {
  const std::vector<const LiveRun*> runs = newest_first(snapshot, as_of);
  const std::size_t customers = among.customers();
  const bool are_all = most >= among.count();
  LastSeen seen{std::vector<TimeMs>(blocks_of(customers, 64) * 64, kNever)};
  std::uint64_t reach = 86'400'000;  // A day: most runs are of a week.
  for (std::size_t begin = 0; begin < runs.size() && !stop.requested(); reach = twice(reach)) {
    const auto is_near = [&](const LiveRun* live) {
      const auto newest = static_cast<std::uint64_t>((*runs.front())->last);
      return newest - static_cast<std::uint64_t>((*live)->last) <= reach;
    };
    std::size_t end = begin;
    while (end < runs.size() && (are_all || is_near(runs[end]))) ++end;
    note_last(std::span(runs).subspan(begin, end - begin), among, as_of, seen.times, stop);
    begin = end;
    seen.exact_after = end < runs.size() ? (*runs[end])->last : kNever;
    seen.exact = count_after(seen.exact_after, seen.times);
    if (seen.exact >= most) break;
  }
  if (stop.requested()) return absl::CancelledError("stopped while looking for last events");
  return seen;
}

}  // namespace grapevine
