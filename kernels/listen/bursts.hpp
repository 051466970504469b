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

/// An unusual count: so many selected events in one bucket of time where there used to be fewer.
struct Burst {
  std::uint32_t subject = 0;  ///< Codes of the two columns.
  std::uint32_t place = 0;
  std::size_t bucket = 0;
  std::uint64_t count = 0;
  double usual = 0.0;  ///< The mean count of the `history` buckets before.
  double score = 0.0;  ///< 2 (√(count + 3/8) − √(usual + 3/8)): about as many standard deviations.

  friend bool operator==(const Burst&, const Burst&) = default;
};

/// What is looked for.
struct BurstQuestion {
  EventSelection events;  ///< Say, the negative posts.
  ColumnId subject{};     ///< Say, the product.
  ColumnId place{};       ///< Say, the channel.
  TimeBuckets buckets;
  std::size_t history = 0;  ///< Buckets before the one that is judged; the first so many are not.
  std::size_t most = 0;     ///< Bursts that are wanted.
};

/// The bursts with the highest scores: first by score, then by the bytes of subject and place, then
/// by time. Each series (subject, place) is held against its own history. Buckets without an event
/// are never among them.
///
/// Errors  InvalidArgument: as TimeBuckets::valid, no history, or more than 2^24 pairs of subject and
///         place. As check_codes for both columns. Cancelled.
/// Cost    One pass over the selected rows; 8 bytes and a sort within its series for each one that
///         is meant.
/// Source  Anscombe, Biometrika 35 (1948) 246-254: the square root makes the variance of a Poisson
///         count 1/4 whatever its mean.
absl::StatusOr<std::vector<Burst>> find_bursts(const Snapshot& snapshot,
                                               const BurstQuestion& question, const Stop& stop);

}  // namespace grapevine
