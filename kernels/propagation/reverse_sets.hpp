#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <absl/status/status.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/graph/vertex_mask.hpp"
#include "kernels/parallel/stop.hpp"

namespace grapevine {

/// Reverse-reachable sets in one flat arena: set s is members[offsets[s] .. offsets[s + 1]). A set
/// holds the candidates from whom word would have reached one person of the audience, drawn evenly.
struct ReverseSets {
  std::vector<std::size_t> offsets{0};
  std::vector<Vertex> members;

  [[nodiscard]] std::size_t size() const { return offsets.size() - 1; }
  [[nodiscard]] std::span<const Vertex> of(std::size_t set) const {
    return {members.data() + offsets[set], offsets[set + 1] - offsets[set]};
  }
  /// Memory in use, an inverted index of the members included.
  [[nodiscard]] std::size_t bytes() const;
};

/// Draws reverse-reachable sets: from a person of the audience backwards along the edges that
/// happen to be alive. A share of the sets that holds one of some seeds estimates the share of the
/// audience that word from these seeds reaches. Immutable; thread-safe; the graph and the spans
/// must outlive it.
///
/// Source  Borgs, Brautbar, Chayes & Lucier, SODA 2014, 946-957 (the sets); Guo, Wang, Wei & Chen
///         (SUBSIM), SIGMOD 2020, 2167-2181 (skipping dead edges).
class ReverseSampler {
 public:
  /// Shapes  probabilities: m, in [0, 1], parallel to graph.influencers.neighbors. The audience, a
  ///         list of vertices, is not empty; candidates: who is kept in the sets (a mask; empty:
  ///         everyone).
  /// Cost    O(n + m).
  ReverseSampler(const ListenGraph& graph, std::span<const float> probabilities,
                 std::span<const Vertex> audience, VertexMask candidates);

  /// Appends sets until there are `count`. Set s is a pure function of `key` and s.
  /// Errors  ResourceExhausted: the sets would need more than `bytes_max`. Cancelled: `stop` was
  ///         requested.
  /// Cost    O(edges looked at); the same bits for any number of threads.
  absl::Status extend(ReverseSets& sets, std::size_t count, std::uint64_t key,
                      std::size_t bytes_max, const Stop& stop) const;

 private:
  struct Scratch {
    std::vector<std::uint64_t> visited;  // A bit a vertex: small enough for the second-level cache.
    std::vector<Vertex> queue;
  };

  // How to jump over the dead edges into one listener. The chance of the likeliest edge bounds the
  // others: jump by it, then thin.
  struct Skip {
    float per_log = 0.0F;  // 1 / log(1 - probability_max); 0: look at every edge.
    float probability_max = 0.0F;
  };

  void draw(std::uint64_t stream, Scratch& scratch, std::vector<Vertex>& members) const;
  void hear(Vertex listener, std::uint64_t stream, Scratch& scratch) const;

  const ListenGraph& graph_;
  std::span<const float> probabilities_;
  std::span<const Vertex> audience_;
  VertexMask candidates_;
  std::vector<Skip> skips_;
};

}  // namespace grapevine
