#include "kernels/propagation/max_cover.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/group_stably.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kSetsPerBlock = 1024;

// Which sets hold a person: those of v are sets[offsets[v] .. offsets[v + 1]).
struct SetsOfPerson {
  std::vector<std::size_t> offsets;
  std::vector<std::uint32_t> sets;
};

SetsOfPerson invert(const ReverseSets& sets, std::size_t vertices) {
  std::vector<std::uint32_t> owner(sets.members.size());
  for_each_block(sets.size(), kSetsPerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t set = begin; set != end; ++set) {
      std::fill(owner.data() + sets.offsets[set], owner.data() + sets.offsets[set + 1],
                static_cast<std::uint32_t>(set));
    }
  });
  SetsOfPerson index;
  index.sets.resize(owner.size());
  index.offsets = group_stably(
      owner.size(), vertices, [&](std::size_t i) { return sets.members[i]; },
      [&](std::size_t i, std::size_t position) { index.sets[position] = owner[i]; });
  return index;
}

// Whoever is in a set, by falling number of sets, then by vertex.
std::vector<Vertex> by_falling_count(std::span<const std::uint32_t> count) {
  std::vector<Vertex> people;
  std::uint32_t count_max = 0;
  for (std::size_t v = 0; v != count.size(); ++v) {
    if (count[v] == 0) continue;
    people.push_back(static_cast<Vertex>(v));
    count_max = std::max(count_max, count[v]);
  }
  std::vector<Vertex> ordered(people.size());
  group_stably(
      people.size(), std::size_t{count_max} + 1,
      [&](std::size_t i) { return count_max - count[people[i]]; },
      [&](std::size_t i, std::size_t position) { ordered[position] = people[i]; });
  return ordered;
}

struct Leaders {
  Vertex best = 0;            // Of those with the largest gain, the first in order.
  std::uint32_t gain = 0;     // Of the best.
  std::size_t gains_sum = 0;  // Of the k largest gains.
};

// Finds the k largest gains. Gains only fall, so the search ends where the first counts, which fall
// along `order`, cannot exceed the k-th gain found.
Leaders find_leaders(std::span<const Vertex> order, std::span<const std::uint32_t> count,
                     std::span<const std::uint32_t> gain, std::size_t k) {
  Leaders leaders;
  std::vector<std::uint32_t> largest;  // A heap with the smallest on top.
  for (const Vertex v : order) {
    if (largest.size() == k && count[v] <= largest.front()) break;
    if (gain[v] > leaders.gain) {
      leaders.best = v;
      leaders.gain = gain[v];
    }
    if (largest.size() == k) {
      if (gain[v] <= largest.front()) continue;
      std::ranges::pop_heap(largest, std::greater<>());
      largest.pop_back();
    }
    largest.push_back(gain[v]);
    std::ranges::push_heap(largest, std::greater<>());
  }
  for (const std::uint32_t one : largest) leaders.gains_sum += one;
  return leaders;
}

}  // namespace

MaxCover max_cover(const ReverseSets& sets, std::size_t vertices, std::size_t k) {
  const SetsOfPerson index = invert(sets, vertices);
  std::vector<std::uint32_t> count(vertices);
  for (std::size_t v = 0; v != vertices; ++v) {
    count[v] = static_cast<std::uint32_t>(index.offsets[v + 1] - index.offsets[v]);
  }
  const std::vector<Vertex> order = by_falling_count(count);
  std::vector<std::uint32_t> gain = count;
  std::vector<bool> covered(sets.size());

  MaxCover cover;
  cover.optimum_at_most = std::numeric_limits<std::size_t>::max();
  while (true) {
    const Leaders leaders = find_leaders(order, count, gain, k);
    cover.optimum_at_most = std::min(cover.optimum_at_most, cover.covered + leaders.gains_sum);
    if (cover.chosen.size() == k || leaders.gain == 0) return cover;
    cover.chosen.push_back(leaders.best);
    cover.covered += leaders.gain;
    for (std::size_t i = index.offsets[leaders.best]; i != index.offsets[leaders.best + 1]; ++i) {
      const std::uint32_t set = index.sets[i];
      if (covered[set]) continue;
      covered[set] = true;
      for (const Vertex member : sets.of(set)) --gain[member];
    }
  }
}

std::vector<std::size_t> count_covered(const ReverseSets& sets, std::size_t vertices,
                                       std::span<const Vertex> people) {
  const auto nobody = static_cast<std::uint32_t>(people.size());
  std::vector<std::uint32_t> place(vertices, nobody);
  for (std::size_t i = people.size(); i-- != 0;) place[people[i]] = static_cast<std::uint32_t>(i);
  std::vector<std::uint32_t> first(sets.size());
  for_each_block(sets.size(), kSetsPerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t set = begin; set != end; ++set) {
      first[set] = nobody;
      for (const Vertex member : sets.of(set)) first[set] = std::min(first[set], place[member]);
    }
  });
  std::vector<std::size_t> covered(people.size() + 1);
  for (const std::uint32_t i : first) ++covered[i];
  covered.pop_back();
  return covered;
}

}  // namespace grapevine
