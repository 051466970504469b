#include "kernels/propagation/max_cover.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/group_stably.hpp"
#include "kernels/propagation/sets_of_person.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kSetsPerBlock = 1024;

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

// The sum of the k largest gains. Gains only fall, so the search ends where the first counts, which
// fall along `order`, cannot exceed the k-th gain found.
std::size_t largest_gains(std::span<const Vertex> order, std::span<const std::uint32_t> count,
                          std::span<const std::uint32_t> gain, std::size_t k) {
  std::vector<std::uint32_t> largest;  // A heap with the smallest on top.
  for (const Vertex v : order) {
    if (largest.size() == k) {
      if (count[v] <= largest.front()) break;
      if (gain[v] <= largest.front()) continue;
      std::ranges::pop_heap(largest, std::greater<>());
      largest.pop_back();
    }
    largest.push_back(gain[v]);
    std::ranges::push_heap(largest, std::greater<>());
  }
  std::size_t sum = 0;
  for (const std::uint32_t one : largest) sum += one;
  return sum;
}

// Finds whoever gains most, again and again while gains fall. A gain that was the largest when it
// was noted is looked at again only when it is the largest of those noted (lazy greedy: Minoux
// 1978).
class LazyLeader {
 public:
  LazyLeader(std::span<const Vertex> order, std::span<const std::uint32_t> count,
             std::span<const std::uint32_t> gain)
      : order_(order), count_(count), gain_(gain) {}

  // The first in order of those with the largest gain; nobody if nobody gains.
  std::optional<Vertex> take() {
    while (true) {
      while (next_ != order_.size() &&
             (noted_.empty() || count_[order_[next_]] >= noted_.front().gain)) {
        note(next_++);
      }
      if (noted_.empty()) return std::nullopt;
      std::ranges::pop_heap(noted_, later);
      const Noted top = noted_.back();
      noted_.pop_back();
      const Vertex v = order_[top.place];
      if (gain_[v] == top.gain) return v;
      note(top.place);
    }
  }

 private:
  struct Noted {
    std::uint32_t gain = 0;
    std::size_t place = 0;  // In the order.
  };
  static bool later(const Noted& a, const Noted& b) {
    return a.gain != b.gain ? a.gain < b.gain : a.place > b.place;
  }
  void note(std::size_t place) {
    const std::uint32_t gain = gain_[order_[place]];
    if (gain == 0) return;
    noted_.push_back({gain, place});
    std::ranges::push_heap(noted_, later);
  }

  std::span<const Vertex> order_;
  std::span<const std::uint32_t> count_;
  std::span<const std::uint32_t> gain_;
  std::size_t next_ = 0;
  std::vector<Noted> noted_;
};

}  // namespace

MaxCover max_cover(const ReverseSets& sets, std::size_t vertices, std::size_t k) {
  const SetsOfPerson index = invert(sets, vertices);
  const std::vector<std::uint32_t> count = index.counts();
  const std::vector<Vertex> order = by_falling_count(count);
  std::vector<std::uint32_t> gain = count;
  std::vector<bool> covered(sets.size());
  LazyLeader leader(order, count, gain);

  MaxCover cover;
  cover.optimum_at_most = std::numeric_limits<std::size_t>::max();
  for (std::size_t bound_at = 0;;) {
    const std::size_t choices = cover.chosen.size();
    const std::optional<Vertex> best = choices == k ? std::nullopt : leader.take();
    if (choices == bound_at || !best) {
      cover.optimum_at_most =
          std::min(cover.optimum_at_most, cover.covered + largest_gains(order, count, gain, k));
      bound_at = next_bound_after(choices);
    }
    if (!best) return cover;
    cover.chosen.push_back(*best);
    cover.covered += gain[*best];
    for (const std::uint32_t set : index.of(*best)) {
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
