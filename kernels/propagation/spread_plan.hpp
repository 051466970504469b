#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/propagation/model.hpp"

namespace grapevine {

/// From whom a listener may hear, and how likely.
struct HeardFrom {
  std::uint32_t place = 0;  ///< Of the influencer.
  float probability = 0.0F;
};

/// How to jump over the dead edges into one listener: by the likeliest, then thin.
struct EdgeSkip {
  float per_log = 0.0F;  ///< 1 / log(1 - probability_max); 0: look at every edge.
  float probability_max = 0.0F;
};

/// The graph as reverse sampling for everyone needs it.
///
/// Whoever is heard takes a place in [0, heard), whoever is not heard but listens to several people
/// one in [heard, places). Someone who is not heard and listens to one person alone is *folded*
/// into them: word reaches the one with a known chance when it reaches the other.
struct SpreadPlan {
  std::vector<Vertex> people;  ///< By place.
  std::size_t heard = 0;
  std::vector<double>
      worth;  ///< By place: the value of reaching them, with whom is folded into them.
  std::vector<std::size_t> offsets;   ///< By place + 1: of `heard_from`.
  std::vector<HeardFrom> heard_from;  ///< Of edges on which word can pass.
  std::vector<EdgeSkip> skips;        ///< By place; none under linear threshold.
  /// Under linear threshold, parallel to `heard_from`: the sum of the listener's probabilities up
  /// to and with this one.
  std::vector<double> sums;

  /// Listeners who are heard themselves, of whom is heard, with the probability of the edge.
  std::vector<std::size_t> passes_offsets;  ///< heard + 1
  std::vector<HeardFrom> passes;            ///< Place of the listener, and probability.
  /// By place, of whom is heard: the worth, and that of their listeners by probability.
  std::vector<double> base;

  [[nodiscard]] std::size_t places() const { return people.size(); }
};

/// Shapes  probabilities: m, parallel to graph.listeners.neighbors. values: n, or none: 1 each.
/// Cost    O(n + m); the same bits for any number of threads.
SpreadPlan plan_spread(const ListenGraph& graph, std::span<const float> probabilities,
                       std::span<const double> values, CascadeModel model);

}  // namespace grapevine
