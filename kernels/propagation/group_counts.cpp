#include "kernels/propagation/group_counts.hpp"

#include <cmath>

#include "kernels/parallel/group_stably.hpp"

namespace grapevine {

GroupCounts::GroupCounts(const PeopleGroups& groups, std::span<const Vertex> people,
                         VertexMask audience) {
  std::vector<std::uint32_t> counted;  // Places.
  for (std::size_t place = 0; place != people.size(); ++place) {
    const Vertex v = people[place];
    if (groups.of_vertex[v] == kNoGroup || (!audience.empty() && !mask_has(audience, v))) continue;
    counted.push_back(static_cast<std::uint32_t>(place));
  }
  places_.resize(counted.size());
  offsets_ = group_stably(
      counted.size(), groups.count,
      [&](std::size_t i) { return groups.of_vertex[people[counted[i]]]; },
      [&](std::size_t i, std::size_t position) { places_[position] = counted[i]; });
}

std::vector<GroupSpread> GroupCounts::spreads(std::span<const GroupSums> sums, std::size_t runs) {
  std::vector<GroupSpread> spreads;
  const auto n = static_cast<double>(runs);
  for (const GroupSums& group : sums) {
    GroupSpread& spread = spreads.emplace_back();
    spread.mean = static_cast<double>(group.sum) / n;
    if (runs == 1) continue;
    // runs^2 times the variance, exactly: the square of the sum is at most runs times the squares.
    const GroupSums::Wide off = group.squares * runs - GroupSums::Wide{group.sum} * group.sum;
    spread.standard_error = std::sqrt(static_cast<double>(off) / (n - 1.0)) / n;
  }
  return spreads;
}

}  // namespace grapevine
