#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace grapevine {

/// What stands at some ranks, ascending and from 0 on, when keys are sorted.
/// Precondition: every rank is below the number of keys.
/// Cost    Three passes over the keys, and a selection among the few that are near a rank; where
///         most are near each other, O(n log ranks).
std::vector<std::uint64_t> keys_of_ranks(std::span<const std::uint64_t> keys,
                                         std::vector<std::size_t> ranks);

/// Numbers divided into groups of the same size, as far as equal numbers, which are never divided,
/// allow: a number is in group 1 + floor(groups × (how many are strictly below it) / (how many
/// there are)). Some groups may be empty. Numbers are given as keys (see ascending_key.hpp).
class QuantileGroups {
 public:
  /// Divides `keys`. Precondition: groups > 0. Cost: as keys_of_ranks.
  QuantileGroups(std::span<const std::uint64_t> keys, std::size_t groups);
  /// Divides the keys of all pieces, by several threads.
  static QuantileGroups of_pieces(std::span<const std::span<const std::uint64_t>> pieces,
                                  std::size_t groups);

  /// The group of one of the keys, from 1 on. Few edges are compared all of them, because no
  /// processor can guess where a search ends.
  [[nodiscard]] std::size_t group_of(std::uint64_t key) const {
    constexpr std::size_t kFew = 16;
    if (edges_.size() > kFew) {
      const auto below = std::lower_bound(edges_.begin(), edges_.end(), key);
      return 1 + static_cast<std::size_t>(below - edges_.begin());
    }
    std::size_t below = 0;
    for (const std::uint64_t edge : edges_) below += edge < key ? 1 : 0;
    return 1 + below;
  }

 private:
  explicit QuantileGroups(std::vector<std::uint64_t> edges) : edges_(std::move(edges)) {}

  std::vector<std::uint64_t> edges_;  // Ascending: a key is beyond as many groups as are below it.
};

}  // namespace grapevine
