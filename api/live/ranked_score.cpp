#include "api/live/ranked_score.hpp"

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>

#include "kernels/parallel/sort.hpp"

namespace grapevine {

std::optional<std::size_t> RankedScore::find(CustomerId customer) const {
  const auto found = std::lower_bound(people.begin(), people.end(), customer);
  if (found == people.end() || *found != customer) return std::nullopt;
  return static_cast<std::size_t>(found - people.begin());
}

RankedScore rank_people(std::vector<CustomerId> people, std::vector<double> values,
                        const CustomerNames& names) {
  RankedScore ranked;
  ranked.people = std::move(people);
  ranked.values = std::move(values);
  ranked.order.resize(ranked.people.size());
  std::iota(ranked.order.begin(), ranked.order.end(), 0U);
  parallel_sort(std::span(ranked.order), [&](std::uint32_t a, std::uint32_t b) {
    if (ranked.values[a] != ranked.values[b]) return ranked.values[a] > ranked.values[b];
    return names.name(ranked.people[a]) < names.name(ranked.people[b]);
  });
  ranked.ranks.resize(ranked.order.size());
  for (std::uint32_t i = 0; i < ranked.order.size(); ++i) ranked.ranks[ranked.order[i]] = i + 1;
  return ranked;
}

}  // namespace grapevine
