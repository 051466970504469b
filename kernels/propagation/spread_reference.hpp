#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/graph/vertex_mask.hpp"

namespace grapevine {

/// Whether word passes from the influencer to the listener in a run, with the given probability.
using Coin =
    std::function<bool(std::size_t run, Vertex influencer, Vertex listener, float probability)>;

/// How many of the audience a run reaches for the first time at each step, seeds at step 0: one run
/// and one person at a time, breadth first. `probabilities` are parallel to
/// graph.listeners.neighbors.
std::vector<std::uint32_t> run_reference(const ListenGraph& graph,
                                         std::span<const float> probabilities,
                                         std::span<const Vertex> seeds, std::size_t horizon,
                                         VertexMask audience, std::size_t run, const Coin& coin);

/// The expected spread, exactly: every outcome of all edges, weighted by its probability. O(2^m m):
/// keep the graph below some dozen edges.
double spread_reference(const ListenGraph& graph, std::span<const float> probabilities,
                        std::span<const Vertex> seeds, std::size_t horizon, VertexMask audience);

/// The same under linear threshold: every choice of at most one influencer by each listener.
/// O(product over listeners of (influencers + 1) m).
double threshold_spread_reference(const ListenGraph& graph, std::span<const float> weights,
                                  std::span<const Vertex> seeds, std::size_t horizon,
                                  VertexMask audience);

/// How many of the audience take each side in one run: one run and one person at a time, by the
/// rule of `simulate_rivals`. `own_wins` decides a tie.
struct SidesTaken {
  std::uint32_t own = 0;
  std::uint32_t rival = 0;
};
using TieCoin = std::function<bool(std::size_t run, Vertex listener)>;
SidesTaken rivals_reference(const ListenGraph& graph, std::span<const float> probabilities,
                            std::span<const Vertex> own_seeds, std::span<const Vertex> rival_seeds,
                            std::size_t horizon, VertexMask audience, std::size_t run,
                            const Coin& coin, const TieCoin& own_wins);

}  // namespace grapevine
