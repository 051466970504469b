#include "kernels/cohort/active_people.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "kernels/cohort/pair_lanes.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/bucket_lanes.hpp"
#include "kernels/segment/stretch_walk.hpp"
#include "storage/time_span.hpp"

namespace grapevine {
namespace {

// Buckets that are looked at together: a bit each. Those of one week where they fit, because parts
// are of weeks too.
constexpr std::size_t kTogetherMax = 256;
// Customers whose bits are kept at a time: few enough for a second-level cache.
constexpr std::size_t kCustomersTogether = 8192;
constexpr std::size_t kRowsTogether = 1024;

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
// run by run first and counted a few customers at a time, so that their bits stay near. Only
// words that have a bit need be cleared, which are few.
class PairCounts {
 public:
  // The pair as a number, of a customer of the block: ascends by customer.
  static std::uint32_t pair(std::uint32_t low, std::size_t bucket) {
    static_assert(kTogetherMax == 256);
    return low << 8 | static_cast<std::uint32_t>(bucket);
  }

  // Pairs that are added from here on are of another run.
  void begin_run() { places_.push_back(size_); }

  // Room for so many pairs, behind those that were added.
  [[nodiscard]] std::uint32_t* room(std::size_t count) {
    const std::size_t room = size_ + count + kPairRoom;
    if (pairs_.size() < room) pairs_.resize(2 * room);
    return pairs_.data() + size_;
  }
  // So many stand there now.
  void add(std::size_t count) { size_ += count; }

  // Counts in `people`, by bucket, the pairs of the task's customers, and forgets them.
  void count(std::uint64_t* people) {
    places_.push_back(size_);  // The last run's end.
    ends_.assign(places_.begin() + 1, places_.end());
    for (std::size_t first = 0; first < kCustomersPerBlock; first += kCustomersTogether) {
      count_below(static_cast<std::uint32_t>(first + kCustomersTogether) * kTogetherMax, people);
    }
    places_.clear();
    size_ = 0;
  }

 private:
  // Counts the pairs below `limit` that were not counted yet.
  void count_below(std::uint32_t limit, std::uint64_t* people) {
    const std::uint32_t mask = kCustomersTogether * kTogetherMax - 1;
    std::uint64_t* const seen = seen_.data();
    const std::uint32_t* const pairs = pairs_.data();
    touched_.clear();
    for (std::size_t run = 0; run < ends_.size(); ++run) {
      const std::size_t begin = places_[run], end = ends_[run];
      std::size_t i = begin;
      for (; i < end && pairs[i] < limit; ++i) {
        const std::uint32_t pair = pairs[i];
        const std::uint64_t bit = std::uint64_t{1} << (pair % 64);
        std::uint64_t& word = seen[(pair & mask) / 64];
        const std::uint64_t before = word;
        word = before | bit;
        people[pair % kTogetherMax] += (before & bit) == 0 ? 1 : 0;
      }
      if (i == begin) continue;
      touched_.push_back({begin, i});
      places_[run] = i;
    }
    for (const auto& [begin, end] : touched_) {
      for (std::size_t i = begin; i < end; ++i) seen[(pairs[i] & mask) / 64] = 0;
    }
  }

  struct Stretch {
    std::size_t begin;
    std::size_t end;
  };
  std::vector<std::uint64_t> seen_ =
      std::vector<std::uint64_t>(kCustomersTogether * kTogetherMax / 64);
  std::vector<std::uint32_t> pairs_;  // The first size_ of them; the others are room.
  std::size_t size_ = 0;
  std::vector<std::size_t> places_;  // By run: what was not counted yet begins there.
  std::vector<std::size_t> ends_;
  std::vector<Stretch> touched_;
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
template <bool kIsInside, typename Offsets, typename RowOf, typename IsMeant>
void add_pairs(const Run& run, const Offsets offsets, const TimeBuckets& buckets,
               const BucketFinder& finder, std::size_t count, const RowOf& row_of,
               const IsMeant& is_meant, PairCounts& pairs) {
  const std::uint16_t* lows = run.customers.lows().data();
  const std::uint64_t before =  // Wraps where the run begins later.
      (static_cast<std::uint64_t>(buckets.from) ^ Run::kSignBit) - run.times.base();
  std::uint32_t* const added = pairs.room(count);
  std::size_t size = 0;
  std::uint32_t last = UINT32_MAX;  // No pair.
  const auto add = [&](std::uint32_t pair, std::size_t is_meant_here) {
    added[size] = pair;  // Not again right after itself: so there are few, however many rows.
    const std::size_t is_new = is_meant_here & static_cast<std::size_t>(pair != last);
    size += is_new;
    last = is_new != 0 ? pair : last;
  };
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t row = row_of(i);
    const std::uint64_t elapsed = offsets[row] - before;
    if constexpr (kIsInside) {
      add(PairCounts::pair(lows[row], finder.of(elapsed)), is_meant(row));
    } else {
      const std::size_t bucket = finder.of(std::min(elapsed, finder.span() - 1));
      add(PairCounts::pair(lows[row], bucket),
          static_cast<std::size_t>(elapsed < finder.span()) & is_meant(row));
    }
  }
  pairs.add(size);
}

// Adds the pairs of all rows, each of which is in a bucket.
void note_all(const Run& run, RowRange rows, const LaneBuckets& finder, PairCounts& pairs) {
  const auto lows = run.customers.lows();
  std::array<std::uint32_t, kRowsTogether + 1> found;
  found[0] = UINT32_MAX;  // No pair.
  for (std::size_t begin = rows.begin; begin < rows.end; begin += kRowsTogether) {
    const std::size_t count = std::min(kRowsTogether, rows.end - begin);
    const auto with_one_before = std::span(found).first(count + 1);
    finder.find(begin, with_one_before.subspan(1));
    pairs.add(find_pairs(lows.subspan(begin, count), with_one_before, pairs.room(count)));
    found[0] = found[count];
  }
}

// Adds the pairs of rows that are meant and whose customers are members, where there are `members`,
// a byte for each customer of their block of CustomerColumn.
void note_rows(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
               const std::uint8_t* members, const TimeBuckets& buckets, const BucketFinder& finder,
               PairCounts& pairs) {
  const bool is_inside = run.first >= buckets.from && run.last < buckets.to();
  pairs.begin_run();
  if (members == nullptr && mask.empty()) {
    if (const auto lanes = LaneBuckets::of(run, buckets)) return note_all(run, rows, *lanes, pairs);
  }
  const std::uint16_t* lows = run.customers.lows().data();
  const auto meant = [&](std::size_t row) -> std::size_t { return mask[row - rows.begin]; };
  const auto all = [](std::size_t) -> std::size_t { return 1; };
  run.times.visit([&](const auto offsets) {
    std::array<std::uint32_t, kRowsTogether> gathered;
    for (std::size_t begin = rows.begin; begin < rows.end; begin += kRowsTogether) {
      std::size_t count = std::min(kRowsTogether, rows.end - begin);
      const auto add = [&](const auto& row_of, const auto& is_meant) {
        is_inside ? add_pairs<true>(run, offsets, buckets, finder, count, row_of, is_meant, pairs)
                  : add_pairs<false>(run, offsets, buckets, finder, count, row_of, is_meant, pairs);
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
    PairCounts pairs;
    std::vector<std::uint8_t> mask;
    std::vector<std::uint64_t> people;
  };
  const std::vector<BucketRange> ranges = cut_by_week(buckets);
  const auto parts = snapshot.parts();  // Sorts what came last, before tasks look at it.
  WorkerLocal<Scratch> scratch([&] {
    return Scratch{{}, {}, std::vector<std::uint64_t>(buckets.count)};
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
    for_each(blocks_of(customers, kCustomersPerBlock), [&](std::size_t block) {
      if (stop.requested()) return;
      Scratch& mine = scratch.mine();
      for (const LiveRun* live : runs) {
        const RowRange rows = rows_of_block(**live, block);
        if (rows.begin == rows.end) continue;
        note_rows(**live, rows, filter.meant(*live, rows, mine.mask),
                  among == nullptr ? nullptr : members.data() + block * kCustomersPerBlock, here,
                  finder, mine.pairs);
      }
      mine.pairs.count(mine.people.data() + ranges[r].begin);
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
