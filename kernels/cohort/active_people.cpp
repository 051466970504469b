#include "kernels/cohort/active_people.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "kernels/cohort/active_marks.hpp"
#include "kernels/cohort/active_pairs.hpp"
#include "kernels/cohort/pair_lanes.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/bit_bytes.hpp"
#include "kernels/segment/bucket_lanes.hpp"
#include "kernels/segment/stretch_walk.hpp"
#include "storage/time_span.hpp"

namespace grapevine {
namespace {

// Buckets that are looked at together: those of one week where they fit, because parts are of weeks
// too.
constexpr std::size_t kTogetherMax = ActivePairs::kBucketsMax;
static_assert(kTogetherMax <= ActiveMarks::kNoBucket);
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

// Who is a member, a byte each: reading bytes takes no shift.
std::vector<std::uint8_t> bytes_of(const CustomerSet& among) {
  std::vector<std::uint8_t> bytes(among.customers());
  for_each_block(bytes.size(), 1 << 16, [&](std::size_t first, std::size_t last) {
    bytes_of_bits(among.words(), first, std::span(bytes).subspan(first, last - first));
  });
  return bytes;
}

// Adds the pairs of `count` rows; the i-th is `row_of(i)`, and counts if `is_meant(row)` (1 or 0).
template <bool kIsInside, typename Offsets, typename RowOf, typename IsMeant>
void add_pairs(const Run& run, const Offsets offsets, const TimeBuckets& buckets,
               const BucketFinder& finder, std::size_t count, const RowOf& row_of,
               const IsMeant& is_meant, ActivePairs& pairs) {
  const std::uint16_t* lows = run.customers.lows().data();
  const std::uint64_t before =  // Wraps where the run begins later.
      (static_cast<std::uint64_t>(buckets.from) ^ Run::kSignBit) - run.times.base();
  std::uint32_t* const added = pairs.room(count);
  std::size_t size = 0;
  std::uint32_t last = pairs.last();
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
      add(ActivePairs::pair(lows[row], finder.of(elapsed)), is_meant(row));
    } else {
      const std::size_t bucket = finder.of(std::min(elapsed, finder.span() - 1));
      add(ActivePairs::pair(lows[row], bucket),
          static_cast<std::size_t>(elapsed < finder.span()) & is_meant(row));
    }
  }
  pairs.add(size);
}

// Moves the pairs of members to the front; how many they are.
std::size_t keep_members(const std::uint8_t* members, std::span<std::uint32_t> pairs) {
  std::size_t size = 0;
  for (const std::uint32_t pair : pairs) {
    pairs[size] = pair;
    size += members[ActivePairs::low(pair)];
  }
  return size;
}

// Adds the pairs of all rows, each of which is in a bucket.
void note_all(const Run& run, RowRange rows, const LaneBuckets& finder, ActivePairs& pairs) {
  const auto lows = run.customers.lows();
  std::array<std::uint32_t, kRowsTogether + 1> found;
  found[0] = pairs.last();
  for (std::size_t begin = rows.begin; begin < rows.end; begin += kRowsTogether) {
    const std::size_t count = std::min(kRowsTogether, rows.end - begin);
    const auto with_one_before = std::span(found).first(count + 1);
    finder.find(begin, with_one_before.subspan(1));
    pairs.add(find_pairs(lows.subspan(begin, count), with_one_before, pairs.room(count)));
    found[0] = found[count];
  }
}

// Adds the pairs of all marks that are in a bucket; of members alone, where there are `members`.
void note_all(std::span<const std::uint32_t> marks, const MarkBuckets& buckets,
              const std::uint8_t* members, ActivePairs& pairs) {
  std::array<std::uint32_t, kRowsTogether + 1> scratch;
  scratch[0] = ActivePairs::kNone;
  for (std::size_t begin = 0; begin < marks.size(); begin += kRowsTogether) {
    const auto some = marks.subspan(begin, std::min(kRowsTogether, marks.size() - begin));
    std::uint32_t* const added = pairs.room(some.size());
    std::size_t size = find_pairs(some, buckets, scratch, added);
    if (members != nullptr) size = keep_members(members, std::span(added, size));
    pairs.add(size);
    scratch[0] = scratch[some.size()];
  }
}

// Adds the pairs of a part's marks whose customers are members (see note_rows).
void note_marks(const ActiveMarks& marks, std::size_t block, const std::uint8_t* members,
                ActivePairs& pairs) {
  pairs.begin_source();
  if (marks.lanes()) return note_all(marks.of_block(block), *marks.lanes(), members, pairs);
  std::uint32_t* const added = pairs.room(marks.of_block(block).size());
  std::size_t size = 0;
  std::uint32_t last = ActivePairs::kNone;
  marks.for_each(block, [&](std::uint32_t low, std::uint32_t bucket, std::size_t is_meant) {
    const std::uint32_t pair = ActivePairs::pair(low, bucket);
    added[size] = pair;
    const std::size_t is_new = is_meant & static_cast<std::size_t>(pair != last) &
                               static_cast<std::size_t>(bucket != ActiveMarks::kNoBucket);
    size += is_new;
    last = is_new != 0 ? pair : last;
  });
  if (members != nullptr) size = keep_members(members, std::span(added, size));
  pairs.add(size);
}

// Adds the pairs of rows that are meant and whose customers are members, where there are `members`,
// a byte for each customer of their block of CustomerColumn.
void note_rows(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
               const std::uint8_t* members, const TimeBuckets& buckets, const BucketFinder& finder,
               ActivePairs& pairs) {
  const bool is_inside = run.first >= buckets.from && run.last < buckets.to();
  pairs.begin_source();
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
    ActivePairs pairs;
    std::vector<std::uint8_t> mask;
    std::vector<std::uint64_t> people;
  };
  const std::vector<BucketRange> ranges = cut_by_week(buckets);
  const ActiveEvents events(snapshot, active);
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
    const ActiveSources sources = ActiveSources::of(parts, events, filter, here);
    for_each(blocks_of(customers, kCustomersPerBlock), [&](std::size_t block) {
      if (stop.requested()) return;
      Scratch& mine = scratch.mine();
      const std::uint8_t* const members_here =
          among == nullptr ? nullptr : members.data() + block * kCustomersPerBlock;
      for (const ActiveMarks& marks : sources.marks) {
        note_marks(marks, block, members_here, mine.pairs);
      }
      for (const LiveRun* live : sources.runs) {
        const RowRange rows = rows_of_block(**live, block);
        if (rows.begin == rows.end) continue;
        note_rows(**live, rows, filter.meant(*live, rows, mine.mask), members_here, here, finder,
                  mine.pairs);
      }
      mine.pairs.count(std::span(mine.people).subspan(ranges[r].begin, here.count));
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
