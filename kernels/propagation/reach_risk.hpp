#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/propagation/model.hpp"

namespace grapevine {

struct ReachRiskOptions {
  std::size_t simulations = 10'000;  ///< Runs, at least 1. The caller limits them.
  std::size_t horizon = 0;           ///< Steps within which they are reached; 0: ever.
  CascadeModel model = CascadeModel::IndependentCascade;
  std::uint64_t random_seed = 1;
};

/// How likely each person is to be reached.
struct ReachRisk {
  std::vector<std::uint32_t> reached;  ///< By vertex: runs that reached them; 0 for the spreading.
  std::size_t simulations = 0;

  /// The share of runs that reached a person.
  [[nodiscard]] double probability(Vertex v) const;
  /// Of the probability; 0 where all runs or none reached them, which then leaves up to some
  /// 3 / simulations open (with 95 % confidence).
  [[nodiscard]] double standard_error(Vertex v) const;
};

/// Counts in how many runs each person is reached, who do not spread it yet: who is likely to be
/// next.
///
/// Shapes  graph: n people, m edges. probabilities: m, in [0, 1], parallel to
///         graph.listeners.neighbors; under linear threshold those into one listener sum to at most
///         1. spreading: any vertices of the graph; nobody puts nobody at risk.
/// Errors  InvalidArgument: no simulations, or 2^32 or more; a vertex that is not in the graph; an
///         array of another size; weights into a listener above 1 under linear threshold.
///         Cancelled: `stop` was requested.
/// Cost    O(edges tried) for each 64 runs, which share one visit of an edge where they reach its
///         influencer in the same step; 24 n bytes a thread. The same bits for any number of threads.
absl::StatusOr<ReachRisk> reach_risk(const ListenGraph& graph, std::span<const float> probabilities,
                                     std::span<const Vertex> spreading,
                                     const ReachRiskOptions& options, const Stop& stop);

}  // namespace grapevine
