#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/graph/vertex_mask.hpp"
#include "kernels/parallel/stop.hpp"

namespace grapevine {

struct SimulateOptions {
  std::size_t simulations = 10'000;  ///< Runs, at least 1. The caller limits them.
  std::size_t horizon = 0;  ///< Steps after which word stops; 0: when it reaches nobody new.
  std::size_t curve_steps_max = 100;  ///< Of the curve; word may go on after them.
  std::uint64_t random_seed = 1;
  VertexMask audience =
      {};  ///< Who is counted; empty: everyone. Word passes through the others too.
};

/// How many are reached for the first time at one step: over runs, 0 where a run has ended before.
struct CurveStep {
  double mean = 0.0;
  double p05 = 0.0;
  double p95 = 0.0;
};

/// How far word goes: people reached in a run, seeds included. Percentiles are by nearest rank.
struct SpreadEstimate {
  double mean = 0.0;
  double standard_error = 0.0;  ///< Of the mean; 0 for one run.
  double p05 = 0.0;
  double p50 = 0.0;
  double p95 = 0.0;
  std::vector<CurveStep>
      curve;  ///< Newly reached by step, seeds at step 0: the means sum to `mean`.
  std::uint64_t edge_trials =
      0;  ///< Pairs of a run and an edge whose influencer was reached in it.
};

/// Lets word start from the seeds and pass along edges by chance, many times (independent cascade):
/// whoever is reached tries each of their listeners once, in the next step.
///
/// Shapes  graph: n people, m edges. probabilities: m, in [0, 1], parallel to
///         graph.listeners.neighbors. seeds: any vertices of the graph; one named twice counts
///         once; none spread to nobody.
/// Errors  InvalidArgument: no simulations; a seed that is not in the graph; an array or mask of
///         another size. Cancelled: `stop` was requested.
/// Cost    O(n + edges tried) for each 64 runs, which share one visit of an edge where they reach
///         its influencer in the same step; 24 n bytes a thread and 4 bytes a run and step. The
///         same bits for any number of threads: coins are pure functions (chance.hpp), and sums are
///         of integers.
/// Source  Kempe, Kleinberg & Tardos, KDD 2003, 137-146.
absl::StatusOr<SpreadEstimate> simulate(const ListenGraph& graph,
                                        std::span<const float> probabilities,
                                        std::span<const Vertex> seeds,
                                        const SimulateOptions& options, const Stop& stop);

}  // namespace grapevine
