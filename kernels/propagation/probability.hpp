#pragma once

#include <variant>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"

namespace grapevine {

/// Word passes with the share of the listener's attention that goes to the influencer.
struct WeightedCascade {};

/// Word passes with the same probability everywhere.
struct ConstantProbability {
  double p = 0.01;  ///< In [0, 1].
};

using EdgeRule = std::variant<WeightedCascade, ConstantProbability>;

/// How likely word passes each edge of one graph: learned probabilities take the same two arrays.
struct PassProbabilities {
  std::vector<float> to_listeners;      ///< Parallel to graph.listeners.neighbors.
  std::vector<float> from_influencers;  ///< Parallel to graph.influencers.neighbors.
};

/// Applies a rule to every edge.
/// Errors  InvalidArgument: p is outside [0, 1].
/// Cost    O(m) time, 8 m bytes. Once a graph and rule: the answer serves any number of questions.
absl::StatusOr<PassProbabilities> pass_probabilities(const ListenGraph& graph,
                                                     const EdgeRule& rule);

/// Probabilities that are given for the edges of each influencer, for those of each listener too.
/// Shapes  to_listeners: m, parallel to graph.listeners.neighbors. Cost: O(m).
PassProbabilities both_directions(const ListenGraph& graph, std::vector<float> to_listeners);

/// Divides the probabilities into a listener by their sum where it exceeds 1, so that they are the
/// weights of linear threshold. Cost: O(m).
void cap_at_listeners(const ListenGraph& graph, PassProbabilities& passing);

}  // namespace grapevine
