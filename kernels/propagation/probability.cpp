#include "kernels/propagation/probability.hpp"

#include <algorithm>

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
                                                     const ProbabilityRule& rule) {
  if (const auto* constant = std::get_if<ConstantProbability>(&rule)) {
    if (!(constant->p >= 0.0 && constant->p <= 1.0)) {
      return absl::InvalidArgumentError("p is not in [0, 1]");
    }
    const std::vector<float> same(graph.edges(), static_cast<float>(constant->p));
    return PassProbabilities{same, same};
  }
  return PassProbabilities{capped(graph.listeners.weights), capped(graph.influencers.weights)};
}

}  // namespace grapevine
