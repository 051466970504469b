#include "kernels/propagation/probability.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace grapevine {
namespace {

// A share is a probability already; rounding must not make it more than one.
std::vector<float> capped(const std::vector<float>& shares) {
  std::vector<float> probabilities(shares.size());
  std::ranges::transform(shares, probabilities.begin(),
                         [](float share) { return std::min(share, 1.0F); });
  return probabilities;
}

}  // namespace

absl::StatusOr<PassProbabilities> pass_probabilities(const ListenGraph& graph,
                                                     const EdgeRule& rule) {
  if (const auto* constant = std::get_if<ConstantProbability>(&rule)) {
    if (!(constant->p >= 0.0 && constant->p <= 1.0)) {
      return absl::InvalidArgumentError("p is not in [0, 1]");
    }
    const std::vector<float> same(graph.edges(), static_cast<float>(constant->p));
    return PassProbabilities{same, same};
  }
  return PassProbabilities{capped(graph.listeners.weights), capped(graph.influencers.weights)};
}

// Influencers come in increasing order on both sides, so each listener's next place is the next one.
PassProbabilities both_directions(const ListenGraph& graph, std::vector<float> to_listeners) {
  PassProbabilities passing{std::move(to_listeners), std::vector<float>(graph.edges())};
  std::vector<std::size_t> next(graph.influencers.offsets.begin(), graph.influencers.offsets.end());
  for (std::size_t e = 0; e < graph.edges(); ++e) {
    passing.from_influencers[next[graph.listeners.neighbors[e]]++] = passing.to_listeners[e];
  }
  return passing;
}

void cap_at_listeners(const ListenGraph& graph, PassProbabilities& passing) {
  std::vector<float> sums(graph.vertices(), 1.0F);
  for (std::size_t v = 0; v < sums.size(); ++v) {
    double sum = 0.0;
    for (std::size_t e = graph.influencers.offsets[v]; e < graph.influencers.offsets[v + 1]; ++e) {
      sum += static_cast<double>(passing.from_influencers[e]);
    }
    if (sum <= 1.0) continue;
    sums[v] = static_cast<float>(sum);
    for (std::size_t e = graph.influencers.offsets[v]; e < graph.influencers.offsets[v + 1]; ++e) {
      passing.from_influencers[e] /= sums[v];
    }
  }
  for (std::size_t e = 0; e < graph.edges(); ++e) {
    passing.to_listeners[e] /= sums[graph.listeners.neighbors[e]];
  }
}

}  // namespace grapevine
