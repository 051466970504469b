#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/graph/vertex_mask.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/propagation/model.hpp"

namespace grapevine {

/// Whoever is in no group.
inline constexpr std::uint16_t kNoGroup = 0xffff;

/// One way to divide people: by region, or by age band.
struct PeopleGroups {
  std::span<const std::uint16_t> of_vertex;  ///< By vertex: a number below `count`, or kNoGroup.
  std::size_t count = 0;                     ///< At most 65,535.
};

struct SimulateOptions {
  CascadeModel model = CascadeModel::IndependentCascade;
  std::size_t simulations = 10'000;  ///< Runs, at least 1. The caller limits them.
  std::size_t horizon = 0;  ///< Steps after which word stops; 0: when it reaches nobody new.
  std::size_t curve_steps_max = 100;  ///< Of the curve; word may go on after them.
  std::uint64_t random_seed = 1;
  VertexMask audience =
      {};  ///< Who is counted; empty: everyone. Word passes through the others too.
  std::vector<PeopleGroups> groupings = {};  ///< Each is answered by itself.
};

/// How many are reached for the first time at one step: over runs, 0 where a run has ended before.
struct CurveStep {
  double mean = 0.0;
  double p05 = 0.0;
  double p95 = 0.0;
};

/// The people of one group whom a run reaches.
struct GroupSpread {
  double mean = 0.0;
  double standard_error = 0.0;  ///< Of the mean; 0 for one run.
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
  std::vector<std::vector<GroupSpread>> groups;  ///< By grouping, then by group; of the audience.
};

/// Lets word start from the seeds and pass along edges by chance, many times: in the step after
/// someone is reached, it passes their live edges (see CascadeModel).
///
/// Shapes  graph: n people, m edges. probabilities: m, in [0, 1], parallel to
///         graph.listeners.neighbors; under linear threshold weights whose sum at a listener is at
///         most 1 (the caller divides). seeds: any vertices of the graph; one named twice counts
///         once; none spread to nobody.
/// Errors  InvalidArgument: no simulations; a seed that is not in the graph; an array or mask of
///         another size; a group that is not below `count`; under linear threshold a sum above 1
///         by more than rounding. Cancelled: `stop` was requested.
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
