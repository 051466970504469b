#include "kernels/listen/mentions.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <variant>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/real_blocks.hpp"
#include "kernels/segment/row_slices.hpp"
#include "kernels/segment/run_codes.hpp"
#include "storage/schema.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kNoCell = ~std::size_t{0};
constexpr double kMood = 0.05F;  // Scores are floats, and so is the bound.

// The cell of each row of a slice; kNoCell where it counts nowhere.
void find_cells(const Run& run, RowRange rows, std::span<const std::uint8_t> mask, ColumnId by,
                const TimeBuckets& buckets, const BucketFinder& finder,
                std::vector<std::size_t>& cells) {
  cells.assign(rows.end - rows.begin, kNoCell);
  const RunColumn* column = run.column(by);
  const PackedUints* codes = codes_of(column);
  if (codes == nullptr) return;
  const std::uint64_t before =  // Wraps where the run begins later.
      (static_cast<std::uint64_t>(buckets.from) ^ Run::kSignBit) - run.times.base();
  const bool is_one_bucket = buckets.count == 1;
  codes->visit([&](const auto code_offsets) {
    run.times.visit([&](const auto time_offsets) {
      for (std::size_t row = rows.begin; row < rows.end; ++row) {
        if (!mask.empty() && mask[row - rows.begin] == 0) continue;
        if (!column->has(row)) continue;
        const std::uint64_t elapsed = time_offsets[row] - before;
        if (elapsed >= finder.span()) continue;
        const std::size_t bucket = is_one_bucket ? 0 : finder.of(elapsed);
        cells[row - rows.begin] = (codes->base() + code_offsets[row]) * buckets.count + bucket;
      }
    });
  });
}

void count_moods(const Run& run, RowRange rows, std::span<const std::size_t> cells,
                 std::span<MentionCounts> counts) {
  const RunColumn* column = run.column(column_id(CoreColumn::Sentiment));
  const auto* scores = column == nullptr ? nullptr : std::get_if<RealValues>(&column->values);
  if (scores == nullptr) return;
  for_each_reals(*scores, rows, [&](std::size_t begin, std::span<const double> values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::size_t cell = cells[begin + i - rows.begin];
      if (cell == kNoCell || !column->has(begin + i)) continue;
      const double score = std::clamp(values[i], -1.0, 1.0);
      MentionCounts& count = counts[cell];
      ++count.scored;
      count.positive += score > kMood ? 1 : 0;
      count.negative += score < -kMood ? 1 : 0;
      count.sentiment_sum += static_cast<std::int64_t>(std::nearbyint(score * 0x1p32));
    }
  });
}

void add(MentionCounts& sum, const MentionCounts& more) {
  sum.mentions += more.mentions;
  sum.positive += more.positive;
  sum.negative += more.negative;
  sum.scored += more.scored;
  sum.sentiment_sum += more.sentiment_sum;
}

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

  struct Scratch {
    std::vector<MentionCounts> counts;
    std::vector<std::size_t> cells;
    std::vector<std::uint8_t> mask;
  };
  EventSelection inside = mentions;
  inside.from = std::max(inside.from, buckets.from);
  inside.to = std::min(inside.to, buckets.to());
  const RowFilter filter(snapshot, inside);
  const BucketFinder finder(buckets);
  const std::vector<RowSlice> slices = slices_of(snapshot, filter);
  WorkerLocal<Scratch> scratch([&] {
    return Scratch{std::vector<MentionCounts>(result.cells.size()), {}, {}};
  });
  for_each(slices.size(), [&](std::size_t s) {
    if (stop.requested()) return;
    Scratch& mine = scratch.mine();
    const auto& [live, rows] = slices[s];
    find_cells(**live, rows, filter.meant(*live, rows, mine.mask), by, buckets, finder, mine.cells);
    for (const std::size_t cell : mine.cells) {
      if (cell != kNoCell) ++mine.counts[cell].mentions;
    }
    count_moods(**live, rows, mine.cells, mine.counts);
  });
  if (stop.requested()) return absl::CancelledError("stopped while counting mentions");
  scratch.for_each_made([&](const Scratch& made) {
    for (std::size_t i = 0; i < result.cells.size(); ++i) add(result.cells[i], made.counts[i]);
  });
  return result;
}

}  // namespace grapevine
