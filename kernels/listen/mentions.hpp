#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/segment/event_selection.hpp"
#include "kernels/segment/time_buckets.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// How often something was mentioned, and in what mood. A score beyond ±0.05 is a mood, another one
/// neutral.
struct MentionCounts {
  std::uint64_t mentions = 0;
  std::uint64_t positive = 0;
  std::uint64_t negative = 0;
  std::uint64_t scored = 0;        ///< With a sentiment; the others' mood is not known.
  std::int64_t sentiment_sum = 0;  ///< Of the scored ones, in units of 2^-32.

  /// NaN where none is scored. Error below 2^-32.
  [[nodiscard]] double mean_sentiment() const {
    return static_cast<double>(sentiment_sum) * 0x1p-32 / static_cast<double>(scored);
  }
  friend bool operator==(const MentionCounts&, const MentionCounts&) = default;
};

/// Counts by (what was mentioned, bucket of time).
struct Mentions {
  static constexpr std::size_t kCellsMax = std::size_t{1} << 22;

  std::size_t codes = 0;  ///< Of the column's dictionary.
  std::size_t buckets = 0;
  std::vector<MentionCounts> cells;  ///< By code × buckets + bucket.

  [[nodiscard]] const MentionCounts& at(std::size_t code, std::size_t bucket) const {
    return cells[code * buckets + bucket];
  }
};

/// Counts the selected rows by their value in column `by` (a brand, a product) and by time. Rows
/// without a value, and rows outside of the buckets, count nowhere. Scores beyond ±1 count as ±1 in
/// the sum, which is made of integers: any number of threads gives the same bits.
///
/// Errors  InvalidArgument: as TimeBuckets::valid, or more than kCellsMax cells. As check_codes for
///         `by`. Cancelled.
/// Cost    One pass over time, `by` and sentiment of the selected rows; 32 bytes a cell and thread.
absl::StatusOr<Mentions> count_mentions(const Snapshot& snapshot, const EventSelection& mentions,
                                        ColumnId by, const TimeBuckets& buckets, const Stop& stop);

}  // namespace grapevine
