#include "kernels/cohort/active_people.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/meant_rows.hpp"
#include "kernels/segment/stretch_walk.hpp"
#include "storage/time_span.hpp"

namespace grapevine {
namespace {

// Buckets that are looked at together: a bit each. Those of one week where they fit, because parts
// are of weeks too.
constexpr std::size_t kTogetherMax = 256;
// Customers whose bits are kept at a time: they fit a second-level cache.
constexpr std::size_t kCustomersTogether = 8192;

// The buckets [begin, end).
struct BucketRange {
  std::size_t begin;
  std::size_t end;
};

// Cuts the buckets where weeks begin, and into at most kTogetherMax.
std::vector<BucketRange> cut_by_week(const TimeBuckets& buckets) {
  std::vector<BucketRange> ranges;
  for (std::size_t begin = 0; begin < buckets.count;) {
    const TimeMs time = buckets.from + buckets.width_ms * static_cast<TimeMs>(begin);
    const TimeMs week_ends = (static_cast<TimeMs>(span_of(time)) + 1) * kTimeSpanMs;
    const auto until_then =
        static_cast<std::size_t>((week_ends - time + buckets.width_ms - 1) / buckets.width_ms);
    const std::size_t end = std::min({begin + until_then, begin + kTogetherMax, buckets.count});
    ranges.push_back({begin, end});
    begin = end;
  }
  return ranges;
}

TimeBuckets part_of(const TimeBuckets& buckets, BucketRange range) {
  return {buckets.from + buckets.width_ms * static_cast<TimeMs>(range.begin), buckets.width_ms,
          range.end - range.begin};
}

// What a task knows of its customers: who was seen in which of the buckets that it looks at.
struct Seen {
  std::vector<std::uint64_t> bits;
  std::size_t words = 0;  // A customer.

  void reset(std::size_t customers, std::size_t buckets) {
    words = (buckets + 63) / 64;
    bits.assign(customers * words, 0);
  }
  // 1 where it is the first time.
  std::uint64_t note(std::size_t customer, std::size_t bucket) {
    std::uint64_t& word = bits[customer * words + bucket / 64];
    const std::uint64_t fresh = ~(word >> (bucket % 64)) & 1;
    word |= std::uint64_t{1} << (bucket % 64);
    return fresh;
  }
};

// What all rows of a task are noted in.
struct Notes {
  const TimeBuckets& buckets;
  const BucketFinder& finder;
  std::size_t first;  // Customer.
  Seen& seen;
  std::uint64_t* people;  // By bucket.
};

// Calls `body(row, customer)` for those of the rows that are meant whose customer is in a set. They are
// gathered first, without a branch: nobody could guess who is in it.
template <typename Body>
void for_each_among(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
                    const CustomerSet& among, const Body& body) {
  constexpr std::size_t kTogether = 512;
  std::array<std::uint32_t, kTogether> gathered;
  std::array<CustomerId, kTogether> whose;
  for (std::size_t begin = rows.begin; begin < rows.end; begin += kTogether) {
    const RowRange some{begin, std::min(begin + kTogether, rows.end)};
    std::size_t count = 0;
    run.customers.for_each(some.begin, some.end, [&](std::size_t row, CustomerId customer) {
      gathered[count] = static_cast<std::uint32_t>(row);
      whose[count] = customer;
      const bool meant = mask.empty() || mask[row - rows.begin] != 0;
      count += static_cast<std::size_t>(among.has(customer) & meant);
    });
    for (std::size_t i = 0; i < count; ++i) body(gathered[i], whose[i]);
  }
}

void note_rows(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
               const CustomerSet* among, const Notes& notes) {
  const std::uint64_t before =  // Wraps where the run begins later.
      (static_cast<std::uint64_t>(notes.buckets.from) ^ Run::kSignBit) - run.times.base();
  run.times.visit([&](const auto offsets) {
    const auto note = [&](std::size_t row, CustomerId customer) {
      const std::uint64_t elapsed = offsets[row] - before;
      if (elapsed >= notes.finder.span()) return;
      const std::size_t bucket = notes.finder.of(elapsed);
      notes.people[bucket] += notes.seen.note(index(customer) - notes.first, bucket);
    };
    if (among == nullptr) return for_each_meant(run, rows, mask, note);
    for_each_among(run, rows, mask, *among, note);
  });
}

}  // namespace

absl::StatusOr<std::vector<std::uint64_t>> count_active_people(const Snapshot& snapshot,
                                                               const EventSelection& active,
                                                               const TimeBuckets& buckets,
                                                               const CustomerSet* among,
                                                               const Stop& stop) {
  if (absl::Status valid = buckets.valid(); !valid.ok()) return valid;
  struct Scratch {
    StretchWalk walk;
    Seen seen;
    std::vector<std::uint8_t> mask;
    std::vector<std::uint64_t> people;
  };
  const std::vector<BucketRange> ranges = cut_by_week(buckets);
  const auto parts = snapshot.parts();  // Sorts what came last, before tasks look at it.
  WorkerLocal<Scratch> scratch([&] {
    return Scratch{{}, {}, {}, std::vector<std::uint64_t>(buckets.count)};
  });
  const std::size_t customers = snapshot.customers().count();
  for_each(ranges.size(), [&](std::size_t r) {
    const TimeBuckets here = part_of(buckets, ranges[r]);
    const BucketFinder finder(here);
    EventSelection selection = active;
    selection.from = std::max(active.from, here.from);
    selection.to = std::min(active.to, here.to());
    const RowFilter filter(snapshot, selection);
    const auto runs = selected_runs(parts, filter);
    for_each_block(customers, kCustomersPerWalk, [&](std::size_t begin, std::size_t end) {
      Scratch& mine = scratch.mine();
      mine.walk.begin(runs, begin, end);
      for (std::size_t first = begin; first < end; first += kCustomersTogether) {
        if (stop.requested()) return;
        const std::size_t last = std::min(first + kCustomersTogether, end);
        mine.seen.reset(last - first, here.count);
        mine.walk.advance_to(last, [&](const LiveRun& live, RowRange rows) {
          note_rows(*live, rows, filter.meant(live, rows, mine.mask), among,
                    {here, finder, first, mine.seen, mine.people.data() + ranges[r].begin});
        });
      }
    });
  });
  if (stop.requested()) return absl::CancelledError("stopped while counting active people");
  std::vector<std::uint64_t> people(buckets.count);
  scratch.for_each_made([&](const Scratch& made) {
    for (std::size_t i = 0; i < people.size(); ++i) people[i] += made.people[i];
  });
  return people;
}

}  // namespace grapevine
