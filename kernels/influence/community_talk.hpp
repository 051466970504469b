#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "storage/ids.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// What the members of a community talk about and buy, and how they feel about it.
struct CommunityTalk {
  /// Codes of product_id and events, most first; of equal ones the smaller code.
  std::vector<std::pair<std::uint32_t, std::size_t>> products;
  std::size_t scored = 0;                ///< Events with a sentiment.
  std::optional<double> mean_sentiment;  ///< Of these; none without any.
};

inline constexpr std::uint32_t kNoCommunity = 0xFFFF'FFFF;

/// Reads what people buy, review, share and write about, not after `as_of`.
///
/// Shapes  community_of: by CustomerId, a number below `communities` or kNoCommunity. Result: by
///         community, with at most `products_max` products each.
/// Errors  Cancelled: `stop` was requested.
/// Cost    One read of the runs of these events, and a sort of the rows that have a product. The same
///         bits for any number of threads: sentiments are added as integers in units of 2^-32.
absl::StatusOr<std::vector<CommunityTalk>> community_talk(
    const Snapshot& snapshot, std::span<const std::uint32_t> community_of, std::size_t communities,
    std::size_t products_max, TimeMs as_of, const Stop& stop);

}  // namespace grapevine
