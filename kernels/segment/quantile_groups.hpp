#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace grapevine {

/// Numbers divided into groups of the same size, as far as equal numbers, which are never divided,
/// allow: a number is in group 1 + floor(groups × (how many are strictly below it) / (how many
/// there are)). Some groups may be empty. Numbers are given as keys (see ascending_key.hpp).
class QuantileGroups {
 public:
  /// Divides `keys`. Precondition: groups > 0.
  /// Cost    Three passes over the keys, and a selection among the few that are near an edge; where
  ///         most are near each other, O(n log groups).
  QuantileGroups(std::vector<std::uint64_t> keys, std::size_t groups);

  /// The group of one of the keys, from 1 on.
  [[nodiscard]] std::size_t group_of(std::uint64_t key) const;

 private:
  std::vector<std::uint64_t> edges_;  // Ascending: a key is beyond as many groups as are below it.
};

}  // namespace grapevine
