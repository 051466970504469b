#include "kernels/listen/mentions.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <variant>

#include "kernels/listen/mood_lanes.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/bit_bytes.hpp"
#include "kernels/segment/bucket_lanes.hpp"
#include "kernels/segment/row_slices.hpp"
#include "kernels/segment/run_codes.hpp"
#include "storage/schema.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kRowsTogether = RealValues::kReadTogether;

// What is read of a run.
struct MentionColumns {
  const RunColumn* by;
  const PackedUints& codes;
  const RunColumn* sentiment;  // nullptr: no row has one.
  const RealValues* scores;    // nullptr: none is a number with a fraction.
};

// Rows that count nowhere count in cells behind the others: in several, because adding to one place
// twice in a row waits.
constexpr std::size_t kNowhere = 8;

// Finds the cell of each of some rows from their codes. `nowhere`: the first cell
// behind the others.
template <typename Codes>
void find_cells(const Run& run, RowRange rows, const std::uint8_t* mask,
                const MentionColumns& columns, const Codes& codes, const TimeBuckets& buckets,
                const BucketFinder& finder, const std::optional<LaneBuckets>& lanes,
                std::uint32_t nowhere, std::span<std::uint32_t> cells) {
  const std::size_t count = cells.size();
  const auto base = static_cast<std::uint32_t>(columns.codes.base());
  const auto per_code = static_cast<std::uint32_t>(buckets.count);
  std::array<std::uint8_t, kRowsTogether> bytes;
  const auto kept = std::span(bytes).first(count);
  const bool has_all = columns.by->present.empty();
  if (!has_all) bytes_of_bits(columns.by->present, rows.begin, kept);
  for (std::size_t i = 0; mask != nullptr && i < count; ++i) {
    kept[i] = has_all ? mask[i] : kept[i] & mask[i];
  }
  bool are_all = mask == nullptr && has_all;
  const bool is_inside = run.first >= buckets.from && run.last < buckets.to();
  if (is_inside && buckets.count == 1) {
    std::fill(cells.begin(), cells.end(), 0);
  } else if (lanes) {
    lanes->find(rows.begin, cells);
  } else {
    if (are_all) std::fill(kept.begin(), kept.end(), 1);
    are_all = false;
    const std::uint64_t before =  // Wraps where the run begins later.
        (static_cast<std::uint64_t>(buckets.from) ^ Run::kSignBit) - run.times.base();
    run.times.visit([&](const auto offsets) {
      for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t elapsed = offsets[rows.begin + i] - before;
        const bool is_in_bucket = elapsed < finder.span();
        cells[i] = static_cast<std::uint32_t>(finder.of(is_in_bucket ? elapsed : 0));
        kept[i] &= is_in_bucket ? 1 : 0;
      }
    });
  }
  for (std::size_t i = 0; i < count; ++i) {
    cells[i] += (base + static_cast<std::uint32_t>(codes[rows.begin + i])) * per_code;
  }
  if (are_all) return;
  for (std::size_t i = 0; i < count; ++i) {
    const auto behind = nowhere + static_cast<std::uint32_t>(i % kNowhere);
    cells[i] = kept[i] != 0 ? cells[i] : behind;
  }
}

// What a worker counts, four counters at once: of all, and of the scored, positive and negative.
using Counters = std::uint32_t __attribute__((vector_size(16)));
struct Cell {
  Counters counters{};
  std::int64_t sentiment_sum = 0;
};
constexpr std::size_t kRowsMax = 0xFFFF'FFFF;  // Until a counter may be full.

// A row's mood as a number: 0 not scored, 1 neutral, 2 positive, 3 negative. What it adds to counters:
constexpr Counters kAdded[] = {{1, 0, 0, 0}, {1, 1, 0, 0}, {1, 1, 1, 0}, {1, 1, 0, 1}};

void count_rows(RowRange rows, const MentionColumns& columns, std::span<const std::uint32_t> cells,
                std::span<Cell> counts) {
  if (columns.scores == nullptr) {
    for (const std::uint32_t cell : cells) counts[cell].counters += kAdded[0];
    return;
  }
  std::array<std::int64_t, kRowsTogether> moods, sums;
  const std::size_t count = cells.size();
  note_moods(*columns.scores, rows.begin, std::span(moods).first(count),
             std::span(sums).first(count));
  for (std::size_t i = 0; !columns.sentiment->present.empty() && i < count; ++i) {
    const std::int64_t kept = columns.sentiment->has(rows.begin + i) ? -1 : 0;
    moods[i] &= kept;
    sums[i] &= kept;
  }
  for (std::size_t i = 0; i < count; ++i) {
    Cell& cell = counts[cells[i]];
    cell.counters += kAdded[moods[i]];
    cell.sentiment_sum += sums[i];
  }
}

// Counts the rows of a slice. `counts` has kNowhere cells more than there are.
void count_slice(const Run& run, RowRange rows, std::span<const std::uint8_t> mask, ColumnId by,
                 const TimeBuckets& buckets, const BucketFinder& finder, std::span<Cell> counts) {
  const RunColumn* column = run.column(by);
  if (column == nullptr) return;
  const RunColumn* sentiment = run.column(column_id(CoreColumn::Sentiment));
  const MentionColumns columns{
      column, *codes_of(column), sentiment,
      sentiment == nullptr ? nullptr : std::get_if<RealValues>(&sentiment->values)};
  const auto nowhere = static_cast<std::uint32_t>(counts.size() - kNowhere);
  const auto lanes = LaneBuckets::of(run, buckets);
  std::array<std::uint32_t, kRowsTogether> cells;
  columns.codes.visit([&](const auto codes) {
    for (std::size_t begin = rows.begin; begin < rows.end; begin += kRowsTogether) {
      const RowRange some{begin, std::min(begin + kRowsTogether, rows.end)};
      const std::uint8_t* of_some = mask.empty() ? nullptr : mask.data() + (begin - rows.begin);
      const auto found = std::span(cells).first(some.end - some.begin);
      find_cells(run, some, of_some, columns, codes, buckets, finder, lanes, nowhere, found);
      count_rows(some, columns, found, counts);
    }
  });
}

// What a worker keeps from slice to slice.
struct Tally {
  std::vector<Cell> cells;  // kNowhere more than there are.
  std::vector<std::uint8_t> mask;
  std::size_t rows = 0;  // Counted since counters were 0.

  void add_to(std::span<MentionCounts> sums) {
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const Cell cell = std::exchange(cells[i], {});
      sums[i].mentions += cell.counters[0];
      sums[i].scored += cell.counters[1];
      sums[i].positive += cell.counters[2];
      sums[i].negative += cell.counters[3];
      sums[i].sentiment_sum += cell.sentiment_sum;
    }
    rows = 0;
  }
};

}  // namespace

absl::StatusOr<Mentions> count_mentions(const Snapshot& snapshot, const EventSelection& mentions,
                                        ColumnId by, const TimeBuckets& buckets, const Stop& stop) {
  if (absl::Status valid = buckets.valid(); !valid.ok()) return valid;
  if (absl::Status codes = check_codes(snapshot, mentions, by); !codes.ok()) return codes;
  Mentions result;
  result.codes = snapshot.columns()[index(by)].dictionary->size();
  result.buckets = buckets.count;
  if (result.codes * result.buckets > Mentions::kCellsMax) {
    return absl::InvalidArgumentError("more than 4194304 counts: take wider buckets of time");
  }
  result.cells.resize(result.codes * result.buckets);

  EventSelection inside = mentions;
  inside.from = std::max(inside.from, buckets.from);
  inside.to = std::min(inside.to, buckets.to());
  const RowFilter filter(snapshot, inside);
  const BucketFinder finder(buckets);
  const std::vector<RowSlice> slices = slices_of(snapshot, filter);
  WorkerLocal<Tally> tallies([&] {
    return Tally{std::vector<Cell>(result.cells.size() + kNowhere), {}, 0};
  });
  std::mutex adding;
  for_each(slices.size(), [&](std::size_t s) {
    if (stop.requested()) return;
    Tally& mine = tallies.mine();
    const auto& [live, rows] = slices[s];
    if (mine.rows + (rows.end - rows.begin) > kRowsMax) {
      const std::lock_guard lock(adding);
      mine.add_to(result.cells);
    }
    mine.rows += rows.end - rows.begin;
    count_slice(**live, rows, filter.meant(*live, rows, mine.mask), by, buckets, finder,
                mine.cells);
  });
  if (stop.requested()) return absl::CancelledError("stopped while counting mentions");
  tallies.for_each_made([&](Tally& made) { made.add_to(result.cells); });
  return result;
}

}  // namespace grapevine
