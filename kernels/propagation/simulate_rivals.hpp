#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/graph/vertex_mask.hpp"
#include "kernels/parallel/stop.hpp"

namespace grapevine {

/// Whom someone believes who hears both sides first in the same step.
enum class RivalTie : std::uint8_t { Own, Rival, FairCoin };

struct SimulateRivalsOptions {
  std::size_t simulations = 10'000;  ///< Runs, at least 1. The caller limits them.
  std::size_t horizon = 0;  ///< Steps after which word stops; 0: when it reaches nobody new.
  RivalTie tie = RivalTie::FairCoin;
  std::uint64_t random_seed = 1;
  VertexMask audience = {};  ///< Who is counted; empty: everyone.
};

/// How far one side goes: people who took it in a run, its seeds included. Percentiles are by
/// nearest rank.
struct SideSpread {
  double mean = 0.0;
  double standard_error = 0.0;  ///< Of the mean; 0 for one run.
  double p05 = 0.0;
  double p50 = 0.0;
  double p95 = 0.0;
};

struct RivalSpread {
  SideSpread own;
  SideSpread rival;
  SideSpread lead;  ///< Own less rival of the same run; may be negative.
};

/// Lets two sides of a story spread at once (independent cascade). Whoever hears one first keeps it
/// and passes it on, in the next step, once, by the same coin of the edge whichever side it is; the
/// other side does not pass through them. Who hears both first in the same step takes the side that
/// the tie rule says, by a coin of their own in each run if it is fair; so does, at the start, a
/// seed of both.
///
/// Shapes  graph: n people, m edges. probabilities: m, in [0, 1], parallel to
///         graph.listeners.neighbors. own_seeds, rival_seeds: any vertices of the graph, each as
///         often as one likes; none take nobody.
/// Errors  InvalidArgument: no simulations; a seed that is not in the graph; an array or mask of
///         another size. Cancelled: `stop` was requested.
/// Cost    O(n + edges tried) for each 64 runs, as `simulate`, without its way of drawing rare
///         listeners; 28 n bytes a thread. The same bits for any number of threads.
/// Source  One pass of word along an edge for both sides, and who came first keeps: Bharathi, Kempe
///         & Salek, WINE 2007, 306-311 (there an edge takes a random time, so nobody hears two at
///         once). Steps, equal probabilities for both and ties for one side: Budak, Agrawal & El
///         Abbadi, WWW 2011, 665-674, whose "good" campaign wins ties (`RivalTie::Own`).
absl::StatusOr<RivalSpread> simulate_rivals(const ListenGraph& graph,
                                            std::span<const float> probabilities,
                                            std::span<const Vertex> own_seeds,
                                            std::span<const Vertex> rival_seeds,
                                            const SimulateRivalsOptions& options, const Stop& stop);

}  // namespace grapevine
