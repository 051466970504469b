#include "kernels/segment/quantile_groups.hpp"

#include <algorithm>
#include <cassert>
#include <span>

namespace grapevine {
namespace {

// Puts the elements of these ranks where they belong; halving the ranks keeps the rest small.
void select(std::span<std::uint64_t> keys, std::size_t begin, std::span<const std::size_t> ranks) {
  if (ranks.empty() || keys.empty()) return;
  const std::size_t middle = ranks.size() / 2;
  const std::size_t place = ranks[middle] - begin;
  std::nth_element(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(place), keys.end());
  select(keys.first(place), begin, ranks.first(middle));
  select(keys.subspan(place + 1), begin + place + 1, ranks.subspan(middle + 1));
}

}  // namespace

// A key is in group j + 1 or beyond exactly where at least r = ceil(j n / groups) keys are below it,
// which is so where the r-th smallest is.
QuantileGroups::QuantileGroups(std::vector<std::uint64_t> keys, std::size_t groups) {
  assert(groups > 0);
  std::vector<std::size_t> ranks;
  for (std::size_t j = 1; j < groups && !keys.empty(); ++j) {
    ranks.push_back((j * keys.size() + groups - 1) / groups - 1);
  }
  std::vector<std::size_t> distinct = ranks;
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  select(keys, 0, distinct);
  for (const std::size_t rank : ranks) edges_.push_back(keys[rank]);
}

std::size_t QuantileGroups::group_of(std::uint64_t key) const {
  const auto below = std::lower_bound(edges_.begin(), edges_.end(), key);
  return 1 + static_cast<std::size_t>(below - edges_.begin());
}

}  // namespace grapevine
