#include "kernels/propagation/live_in_edges.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "kernels/parallel/exclusive_scan.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/propagation/weighted_pick.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kListenersPerBlock = 1024;
// Below this many edges, or where more than one in four is proposed, a coin for each costs less.
constexpr std::size_t kProposedDegreeMin = 12;
constexpr double kProposedMax = 0.25;
// Of an edge that is alive for certain: the chance that it is not proposed is below 2^-57.
constexpr double kRateMax = 40.0;
// Of one product of uniform numbers, so that it does not vanish.
constexpr double kPartRateMax = 64.0;
constexpr std::size_t kEdgesPerLine = 16;

// The chance of the likeliest edge; negated where all have the same, so that no edge needs be
// looked at again. Floats that are not negative are in the order of their bits, and whole numbers
// have fast maxima.
float highest_of(std::span<const float> probabilities) {
  std::uint32_t highest = 0;
  std::uint32_t lowest = ~std::uint32_t{0};
  for (const float probability : probabilities) {
    highest = std::max(highest, std::bit_cast<std::uint32_t>(probability));
    lowest = std::min(lowest, std::bit_cast<std::uint32_t>(probability));
  }
  const float chance = std::bit_cast<float>(highest);
  return highest == lowest ? -chance : chance;
}

}  // namespace

std::uint32_t LiveInEdges::stretches_of(std::size_t degree) const {
  const std::size_t degree_min = model_ == CascadeModel::LinearThreshold ? 1 : kProposedDegreeMin;
  if (degree < degree_min) return 0;
  return static_cast<std::uint32_t>(blocks_of(degree, kEdgesPerStretch));
}

LiveInEdges::LiveInEdges(const ListenGraph& graph, std::span<const float> probabilities,
                         CascadeModel model)
    : offsets_(graph.influencers.offsets.data()),
      influencers_(graph.influencers.neighbors.data()),
      probabilities_(probabilities),
      model_(model),
      listeners_(graph.vertices()) {
  std::vector<std::uint32_t> first(listeners_.size());
  for_each_block(first.size(), kListenersPerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t v = begin; v != end; ++v)
      first[v] = stretches_of(offsets_[v + 1] - offsets_[v]);
  });
  const std::uint32_t stretches = exclusive_scan(std::span(first));
  model == CascadeModel::LinearThreshold ? weights_.resize(stretches)
                                         : stretches_.resize(stretches);
  for_each_block(first.size(), kListenersPerBlock, [&](std::size_t begin, std::size_t end) {
    Scratch scratch;
    for (std::size_t v = begin; v != end; ++v) {
      if (stretches_of(offsets_[v + 1] - offsets_[v]) == 0) continue;
      listeners_[v].stretch = first[v];
      if (model == CascadeModel::LinearThreshold) {
        add_up_weights(static_cast<Vertex>(v));
      } else {
        bound_chances(static_cast<Vertex>(v), scratch);
      }
    }
  });
}

void LiveInEdges::bound_chances(Vertex v, Scratch& scratch) {
  Listener& listener = listeners_[v];
  const std::size_t degree = offsets_[v + 1] - offsets_[v];
  std::vector<double>& rates = scratch.height;
  rates.resize(stretches_of(degree));
  double rate = 0.0;
  double proposed = 0.0;
  for (std::size_t i = 0; i != rates.size(); ++i) {
    const std::size_t begin = i * kEdgesPerStretch;
    const std::size_t count = std::min<std::size_t>(kEdgesPerStretch, degree - begin);
    const float highest = highest_of(probabilities_.subspan(offsets_[v] + begin, count));
    const double chance = std::abs(static_cast<double>(highest));
    const auto edges = static_cast<double>(count);
    rates[i] = std::min(-std::log1p(-chance), kRateMax) * edges;
    rate += rates[i];
    proposed += chance * edges;
    stretches_[listener.stretch + i].highest = highest;
  }
  listener.highest = stretches_[listener.stretch].highest;
  listener.nobody = rate > kPartRateMax ? -rate : std::exp(-rate);
  if (proposed > kProposedMax * static_cast<double>(degree)) {
    listener.stretch = kNoStretches;
  } else if (rates.size() > 1 && rate > 0.0) {
    for (double& one : rates) one *= static_cast<double>(rates.size()) / rate;
    balance_columns(listener, scratch);
  }
}

// Fills what a light column lacks of the mean height, 1, from a heavy one (Vose's alias method).
void LiveInEdges::balance_columns(Listener& listener, Scratch& scratch) {
  auto& [height, light, heavy] = scratch;
  Stretch* const columns = stretches_.data() + listener.stretch;
  light.clear();
  heavy.clear();
  for (std::uint32_t i = 0; i != height.size(); ++i) (height[i] < 1.0 ? light : heavy).push_back(i);
  const std::uint32_t spare = heavy.empty() ? light.front() : heavy.front();
  while (!light.empty() && !heavy.empty()) {
    const std::uint32_t low = light.back();
    const std::uint32_t high = heavy.back();
    light.pop_back();
    columns[low] = {static_cast<float>(height[low]), columns[low].highest, columns[high].highest,
                    high};
    height[high] -= 1.0 - height[low];
    if (height[high] >= 1.0) continue;
    heavy.pop_back();
    light.push_back(high);
  }
  // What is left is 1 but for rounding; a dead stretch must not profit from that.
  for (const std::uint32_t i : light) {
    if (columns[i].highest == 0.0F) columns[i] = {0.0F, 0.0F, columns[spare].highest, spare};
  }
}

void LiveInEdges::add_up_weights(Vertex v) {
  double* weight = weights_.data() + listeners_[v].stretch;
  double sum = 0.0;
  for (std::size_t begin = offsets_[v]; begin < offsets_[v + 1]; begin += kEdgesPerStretch) {
    const std::size_t count = std::min<std::size_t>(kEdgesPerStretch, offsets_[v + 1] - begin);
    for (const float one : probabilities_.subspan(begin, count)) {
      sum += static_cast<double>(one);  // In the order of `settle`, so that sums agree.
    }
    *weight++ = sum;
  }
}

void LiveInEdges::ask_for_edges(std::size_t edge, std::size_t count) const {
  for (std::size_t i = edge; i < edge + count; i += kEdgesPerLine) {
    __builtin_prefetch(influencers_ + i);
    __builtin_prefetch(probabilities_.data() + i);
  }
}

// At most one edge lives: the one in whose part of [0, 1) a number falls.
void LiveInEdges::walk(Vertex v, std::uint64_t stream, std::vector<Proposal>& proposals) const {
  const std::size_t degree = offsets_[v + 1] - offsets_[v];
  const std::uint64_t bits = draw_bits(stream, 0);
  const double drawn = unit_interval(bits);
  const double* const first = weights_.data() + listeners_[v].stretch;
  const double* const end = first + stretches_of(degree);
  const double* const at = std::upper_bound(first, end, drawn);
  if (at == end) return;
  const std::size_t before = static_cast<std::size_t>(at - first) * kEdgesPerStretch;
  const std::size_t count = std::min<std::size_t>(kEdgesPerStretch, degree - before);
  const std::size_t edge = offsets_[v] + before;
  proposals.push_back({edge, bits, at == first ? 0.0 : at[-1], static_cast<std::uint32_t>(count)});
  ask_for_edges(edge, count);
}

void LiveInEdges::arrive(Vertex v, std::uint64_t stream, std::vector<Arrival>& arrivals,
                         std::vector<Proposal>& proposals) const {
  const std::size_t degree = offsets_[v + 1] - offsets_[v];
  if (degree == 0) return;
  if (model_ == CascadeModel::LinearThreshold) return walk(v, stream, proposals);
  const Listener& listener = listeners_[v];
  if (listener.stretch == kNoStretches) {
    proposals.push_back({offsets_[v], stream, 0.0, static_cast<std::uint32_t>(degree)});
    return ask_for_edges(offsets_[v], std::min<std::size_t>(degree, 2 * kEdgesPerLine));
  }
  const std::size_t stretches = blocks_of(degree, kEdgesPerStretch);
  std::uint64_t number = 0;
  const auto uniform = [&] { return unit_interval(draw_bits(stream, number++)); };
  // A product of uniform numbers falls below exp(-rate) after a Poisson number of factors (Knuth).
  double rest = std::max(-listener.nobody, 0.0);
  do {
    const double part = std::min(rest, kPartRateMax);
    const double nobody = listener.nobody < 0.0 ? std::exp(-part) : listener.nobody;
    for (double product = uniform(); product > nobody; product *= uniform()) {
      __extension__ using Wide = unsigned __int128;
      const Wide picked = Wide{draw_bits(stream, number++)} * stretches;
      const Arrival arrival{v, static_cast<std::uint32_t>(picked >> 64), stream,
                            static_cast<std::uint64_t>(picked), draw_bits(stream, number++)};
      if (stretches == 1) {
        proposals.push_back(locate(arrival));
      } else {
        __builtin_prefetch(&stretches_[listener.stretch + arrival.column]);
        arrivals.push_back(arrival);
      }
    }
    rest -= part;
  } while (rest > 0.0);
}

LiveInEdges::Proposal LiveInEdges::locate(const Arrival& arrival) const {
  const Listener& listener = listeners_[arrival.listener];
  const std::size_t degree = offsets_[arrival.listener + 1] - offsets_[arrival.listener];
  std::uint32_t stretch = 0;
  float highest = listener.highest;
  if (degree > kEdgesPerStretch) {
    const Stretch& column = stretches_[listener.stretch + arrival.column];
    const bool keeps = unit_interval(arrival.keep_bits) < static_cast<double>(column.keep);
    stretch = keeps ? arrival.column : column.other;
    highest = keeps ? column.highest : column.other_highest;
  }
  const std::size_t before = std::size_t{stretch} * kEdgesPerStretch;
  const std::size_t inside =
      before +
      pick_evenly(arrival.inside_bits, std::min<std::size_t>(kEdgesPerStretch, degree - before));
  const std::size_t edge = offsets_[arrival.listener] + inside;
  __builtin_prefetch(influencers_ + edge);
  if (highest < 0.0F) return {edge, 0, 0.0, 0};
  __builtin_prefetch(probabilities_.data() + edge);
  // The edge's own coin, after all that arrivals draw.
  const std::uint64_t coin = draw_bits(arrival.stream, (std::uint64_t{1} << 32) + inside);
  return {edge, coin, static_cast<double>(highest), 0};
}

}  // namespace grapevine
