#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "storage/memberships.hpp"

namespace grapevine {

/// A stretch of a segment's past.
struct HistoryBucket {
  TimeMs from = 0, to = 0;  ///< [from, to)
  std::optional<std::uint64_t>
      size;  ///< At its end, or now; nullopt: the segment was not filled yet.
  std::uint64_t entered = 0, left = 0;  ///< Without those who were in when it was filled.
};

/// Counts what a stream says, by the times of its changes. `bounds` ascend: where buckets begin, and
/// where the last one ends. What is folded is known by 15 minutes, and counts where these begin.
/// Cost    O(changes kept).
std::vector<HistoryBucket> membership_history(const MembershipStream& stream,
                                              std::span<const TimeMs> bounds);

}  // namespace grapevine
