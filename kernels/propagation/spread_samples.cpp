#include "kernels/propagation/spread_samples.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/propagation/chance.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kSetsBetweenStops = 1024;
// Roots by worth itself would leave those who reach few hardly seen beside a hub, even ones the
// hub's audience.
constexpr double kShareOfWorth = 0.75;

// In [0, 1).
double unit(std::uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1p-53; }

// One set while it is drawn. Numbers are drawn one after the other: a set is a pure function of its
// stream.
struct SetDraw {
  const SpreadPlan& plan;
  std::vector<std::uint64_t>& visited;
  std::vector<std::uint32_t>& queue;
  std::vector<double>& overlaps;
  double weight;
  std::uint64_t stream;
  std::uint64_t number = 0;

  std::uint64_t bits() { return draw_bits(stream, number++); }
  bool has(std::uint32_t place) const { return (visited[place / 64] >> (place % 64) & 1) != 0; }
  void add(std::uint32_t place) {
    visited[place / 64] |= std::uint64_t{1} << (place % 64);
    queue.push_back(place);
  }

  // Looks at every edge. Where the influencer is in the set already no coin is needed: the expected
  // overlap is known.
  void hear_each(const HeardFrom* edge, const HeardFrom* end) {
    std::uint64_t drawn = 0;
    bool half = false;
    for (; edge != end; ++edge) {
      if (has(edge->place)) {
        overlaps[edge->place] += weight * static_cast<double>(edge->probability);
        continue;
      }
      drawn = half ? drawn >> 32 : bits();  // Two coins of 32 bits a draw.
      half = !half;
      if ((drawn & 0xffffffffU) < quantized(edge->probability)) add(edge->place);
    }
  }

  // Looks at live edges alone, and counts those that overlap.
  void hear_skipping(const HeardFrom* first, std::size_t degree, const EdgeSkip& skip) {
    for (double edge = 0.0;; edge += 1.0) {
      const double uniform = unit(bits()) + 0x1p-53;  // In (0, 1]: its logarithm is finite.
      edge += std::floor(std::log(uniform) * static_cast<double>(skip.per_log));
      if (!(edge < static_cast<double>(degree))) return;
      const HeardFrom& at = first[static_cast<std::size_t>(edge)];
      if (at.probability < skip.probability_max &&
          !(unit(bits()) * static_cast<double>(skip.probability_max) <
            static_cast<double>(at.probability))) {
        continue;
      }
      if (has(at.place)) {
        overlaps[at.place] += weight;
      } else {
        add(at.place);
      }
    }
  }

  // Takes at most one influencer, by the sums of the probabilities.
  void hear_one(std::size_t begin, std::size_t end) {
    const auto first = plan.sums.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = plan.sums.begin() + static_cast<std::ptrdiff_t>(end);
    const auto chosen = std::upper_bound(first, last, unit(bits()));
    if (chosen == last) return;
    const std::uint32_t influencer =
        plan.heard_from[static_cast<std::size_t>(chosen - plan.sums.begin())].place;
    if (has(influencer)) {
      overlaps[influencer] += weight;
    } else {
      add(influencer);
    }
  }
};

}  // namespace

SpreadSampler::SpreadSampler(const SpreadPlan& plan, CascadeModel model)
    : plan_(plan), model_(model) {
  double sum = 0.0;
  for (std::size_t place = 0; place != plan.places(); ++place) {
    // Whom nobody can reach is a root for themself alone, which is known.
    if (plan.offsets[place] == plan.offsets[place + 1] || !(plan.worth[place] > 0.0)) continue;
    const double share = std::pow(plan.worth[place], kShareOfWorth);
    sum += share;
    roots_.push_back({static_cast<std::uint32_t>(place), plan.worth[place] / share, sum});
  }
  for (Root& root : roots_) {
    root.weight *= sum;
    root.below /= sum;
  }
}

void SpreadSampler::draw(const Root& root, std::uint64_t stream, Scratch& scratch,
                         SpreadSums& sums) const {
  SetDraw set{plan_, scratch.visited, scratch.queue, sums.overlaps, root.weight, stream};
  scratch.queue.clear();
  const bool root_is_heard = root.place < plan_.heard;
  if (root_is_heard) {
    set.add(root.place);
  } else {
    scratch.queue.push_back(root.place);
  }
  for (std::size_t i = 0; i != scratch.queue.size(); ++i) {
    const std::uint32_t listener = scratch.queue[i];
    const std::size_t begin = plan_.offsets[listener];
    const std::size_t end = plan_.offsets[listener + 1];
    const HeardFrom* const edges = plan_.heard_from.data();
    if (model_ == CascadeModel::LinearThreshold) {
      set.hear_one(begin, end);
    } else if (plan_.skips[listener].per_log == 0.0F) {
      set.hear_each(edges + begin, edges + end);
    } else {
      set.hear_skipping(edges + begin, end - begin, plan_.skips[listener]);
    }
  }
  if (root_is_heard) scratch.visited[root.place / 64] = 0;
  for (std::size_t i = 1; i < scratch.queue.size(); ++i) {
    scratch.visited[scratch.queue[i] / 64] = 0;
    sums.reached[scratch.queue[i]] += root.weight;
  }
}

void SpreadSampler::extend(SpreadSums& sums, const SpreadBatch& batch, std::size_t group,
                           const Stop& stop) const {
  sums.reached.resize(plan_.heard);
  sums.overlaps.resize(plan_.heard);
  sums.sets += batch.sets;
  if (roots_.empty()) return;
  Scratch scratch{std::vector<std::uint64_t>((plan_.heard + 63) / 64), {}};
  const double offset = unit(draw_bits(batch.key, 0));
  auto root = roots_.begin();
  for (std::size_t i = 0; i != batch.sets; ++i) {
    if (i % kSetsBetweenStops == 0 && stop.requested()) return;
    const std::size_t set = i * batch.groups + group;
    const double at =
        (static_cast<double>(set) + offset) / static_cast<double>(batch.sets * batch.groups);
    while (root->below <= at && root + 1 != roots_.end()) ++root;
    draw(*root, scramble(batch.key + 1 + set), scratch, sums);
  }
}

}  // namespace grapevine
