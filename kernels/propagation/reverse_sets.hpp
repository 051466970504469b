#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <absl/status/status.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/graph/vertex_mask.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/propagation/live_in_edges.hpp"
#include "kernels/propagation/model.hpp"
#include "kernels/propagation/weighted_pick.hpp"

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
/// audience, or of its value, that word from these seeds reaches. Immutable; thread-safe; the graph
/// and the spans must outlive it.
///
/// Source  Borgs, Brautbar, Chayes & Lucier, SODA 2014, 946-957 (the sets).
class ReverseSampler {
 public:
  /// Shapes  probabilities: m, in [0, 1], parallel to graph.influencers.neighbors. The audience, a
  ///         list of vertices, is not empty. values: parallel to the audience, at least 0, with a
  ///         finite sum above 0; empty: 1 each. candidates: who is kept in the sets (a mask;
  ///         empty: everyone).
  /// Cost    O(n + m).
  ReverseSampler(const ListenGraph& graph, std::span<const float> probabilities, CascadeModel model,
                 std::span<const Vertex> audience, std::span<const double> values,
                 VertexMask candidates);

  /// Appends sets until there are `count`. Set s is a pure function of `key` and s.
  /// Errors  ResourceExhausted: the sets would need more than `bytes_max`. Cancelled: `stop` was
  ///         requested.
  /// Cost    O(edges proposed); n / 8 bytes for each of the sets that a thread draws side by side;
  ///         the same bits for any number of threads.
  absl::Status extend(ReverseSets& sets, std::size_t count, std::uint64_t key,
                      std::size_t bytes_max, const Stop& stop) const;

 private:
  // A set that grows. A thread draws many side by side, so that memory which one has asked for
  // arrives while the others use theirs.
  struct Growing {
    std::size_t set = 0;
    std::uint64_t stream = 0;
    std::vector<Vertex> people;  // The members so far, in the order in which they were found.
    std::size_t heard = 0;       // Of these, those whose in-edges have been drawn.
    std::vector<LiveInEdges::Arrival> arrivals;
    std::vector<LiveInEdges::Proposal> proposals;
    std::vector<std::uint64_t> visited;  // A bit a vertex: small enough for the second-level cache.
    bool idle = true;
  };
  struct Block {
    std::vector<std::size_t> begins;  // By set: where its members are.
    std::vector<std::size_t> sizes;
    std::vector<Vertex> members;  // In the order in which sets were completed.
  };

  void begin(Growing& growing, std::size_t set, std::uint64_t stream) const;
  bool grow(Growing& growing) const;
  std::size_t keep(Growing& growing, std::size_t place, Block& block) const;
  Vertex draw_root(std::uint64_t stream) const;

  std::span<const Vertex> audience_;
  std::optional<WeightedPick> by_value_;
  VertexMask candidates_;
  std::size_t vertices_;
  LiveInEdges edges_;
};

}  // namespace grapevine
