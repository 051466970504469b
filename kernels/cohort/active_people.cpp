#include "kernels/cohort/active_people.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "kernels/parallel/for_each_block.hpp"
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

// Counts different pairs of a customer of a task and a bucket that it looks at. Pairs are gathered
// first, and then tested and counted: a pair that follows itself does not wait for its own bit, and
// only words that have a bit need be cleared, which are few.
class PairCounts {
 public:
  // The pair as a number, for customers of whom `low` are the lowest bits.
  static std::uint32_t pair(std::uint32_t low, std::size_t bucket) {
    static_assert(kTogetherMax == 256);
    return (low % kCustomersTogether) << 8 | static_cast<std::uint32_t>(bucket);
  }

  // Begins with other customers, or with other buckets, which `people` counts.
  void begin(std::uint64_t* people) { people_ = people; }

  // Room for as many pairs as are said at most, behind those that were added.
  [[nodiscard]] std::uint32_t* room(std::size_t count) {
    if (pairs_.size() - size_ < count) count_gathered();
    return pairs_.data() + size_;
  }
  // So many stand there now.
  void add(std::size_t count) { size_ += count; }

  // Counts the rest and forgets them all.
  void end() {
    const bool is_first = !is_partly_counted_;
    count_gathered();
    if (is_first) {
      for (std::size_t i = 0; i < last_size_; ++i) seen_[pairs_[i] / 64] = 0;
    } else {
      std::fill(seen_.begin(), seen_.end(), 0);
    }
    is_partly_counted_ = false;
  }

  static constexpr std::size_t kRowsTogether = 1024;

 private:
  void count_gathered() {
    for (std::size_t i = 0; i < size_; ++i) {
      const std::uint32_t pair = pairs_[i];
      std::uint64_t& word = seen_[pair / 64];
      people_[pair % kTogetherMax] += ~(word >> (pair % 64)) & 1;
      word |= std::uint64_t{1} << (pair % 64);
    }
    last_size_ = size_;
    size_ = 0;
    is_partly_counted_ = true;
  }

  std::vector<std::uint64_t> seen_ =
      std::vector<std::uint64_t>(kCustomersTogether * kTogetherMax / 64);
  std::vector<std::uint32_t> pairs_ = std::vector<std::uint32_t>(16 * kRowsTogether);
  std::size_t size_ = 0;
  std::size_t last_size_ = 0;  // Of those that were counted last, which still stand in pairs_.
  bool is_partly_counted_ = false;
  std::uint64_t* people_ = nullptr;  // By bucket.
};

// Who is a member, a byte each: reading bytes takes no shift.
std::vector<std::uint8_t> bytes_of(const CustomerSet& among) {
  std::vector<std::uint8_t> bytes(among.customers());
  for_each_block(bytes.size(), 1 << 16, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      bytes[i] = among.words()[i / 64] >> (i % 64) & 1;
    }
  });
  return bytes;
}

// Adds the pairs of `count` rows; the i-th is `row_of(i)`, and counts if `is_meant(row)` (1 or 0).
template <typename Offsets, typename RowOf, typename IsMeant>
void add_pairs(const Run& run, const Offsets offsets, const TimeBuckets& buckets,
               const BucketFinder& finder, std::size_t count, const RowOf& row_of,
               const IsMeant& is_meant, PairCounts& pairs) {
  const std::uint16_t* lows = run.customers.lows().data();
  const std::uint64_t before =  // Wraps where the run begins later.
      (static_cast<std::uint64_t>(buckets.from) ^ Run::kSignBit) - run.times.base();
  const bool is_inside = run.first >= buckets.from && run.last < buckets.to();
  std::uint32_t* const added = pairs.room(count);
  std::size_t size = 0;
  if (is_inside) {
    std::uint32_t last = UINT32_MAX;  // No pair.
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t row = row_of(i);
      const std::uint32_t pair = PairCounts::pair(lows[row], finder.of(offsets[row] - before));
      added[size] = pair;
      const std::size_t is_new = is_meant(row) & static_cast<std::size_t>(pair != last);
      size += is_new;
      last = is_new != 0 ? pair : last;
    }
  } else {
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t row = row_of(i);
      const std::uint64_t elapsed = offsets[row] - before;
      const std::size_t bucket = finder.of(std::min(elapsed, finder.span() - 1));
      added[size] = PairCounts::pair(lows[row], bucket);
      size += static_cast<std::size_t>(elapsed < finder.span()) & is_meant(row);
    }
  }
  pairs.add(size);
}

// Adds the pairs of rows that are meant and whose customers are members, where there are `members`, a
// byte for each customer of their block of CustomerColumn.
void note_rows(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
               const std::uint8_t* members, const TimeBuckets& buckets, const BucketFinder& finder,
               PairCounts& pairs) {
  constexpr std::size_t kTogether = PairCounts::kRowsTogether;
  const std::uint16_t* lows = run.customers.lows().data();
  const auto meant = [&](std::size_t row) -> std::size_t { return mask[row - rows.begin]; };
  const auto all = [](std::size_t) -> std::size_t { return 1; };
  run.times.visit([&](const auto offsets) {
    std::array<std::uint32_t, kTogether> gathered;
    for (std::size_t begin = rows.begin; begin < rows.end; begin += kTogether) {
      std::size_t count = std::min(kTogether, rows.end - begin);
      const auto add = [&](const auto& row_of, const auto& is_meant) {
        add_pairs(run, offsets, buckets, finder, count, row_of, is_meant, pairs);
      };
      if (members == nullptr) {
        const auto nth = [&](std::size_t i) { return begin + i; };
        mask.empty() ? add(nth, all) : add(nth, meant);
        continue;
      }
      // Gathered without a branch before times are read: nobody could guess who is a member.
      std::size_t size = 0;
      for (std::size_t row = begin; row < begin + count; ++row) {
        gathered[size] = static_cast<std::uint32_t>(row);
        size += members[lows[row]];
      }
      count = size;
      const auto nth = [&](std::size_t i) { return std::size_t{gathered[i]}; };
      mask.empty() ? add(nth, all) : add(nth, meant);
    }
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
    PairCounts pairs;
    std::vector<std::uint8_t> mask;
    std::vector<std::uint64_t> people;
  };
  const std::vector<BucketRange> ranges = cut_by_week(buckets);
  const auto parts = snapshot.parts();  // Sorts what came last, before tasks look at it.
  WorkerLocal<Scratch> scratch([&] {
    return Scratch{{}, {}, {}, std::vector<std::uint64_t>(buckets.count)};
  });
  const std::size_t customers = snapshot.customers().count();
  const std::vector<std::uint8_t> members =
      among == nullptr ? std::vector<std::uint8_t>() : bytes_of(*among);
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
        mine.pairs.begin(mine.people.data() + ranges[r].begin);
        mine.walk.advance_to(last, [&](const LiveRun& live, RowRange rows) {
          note_rows(*live, rows, filter.meant(live, rows, mine.mask),
                    among == nullptr ? nullptr : members.data() + (begin & ~std::size_t{0xFFFF}),
                    here, finder, mine.pairs);
        });
        mine.pairs.end();
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
