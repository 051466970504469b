#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/propagation/chance.hpp"
#include "kernels/propagation/model.hpp"

namespace grapevine {

/// Draws which edges into a listener are alive, in two steps between which memory can be asked for:
/// first where live edges may be, then which of these are. Edges are looked at 32 at a time: the
/// chance of the likeliest bounds the others, so that most dead edges are jumped over and few
/// proposals are refused even where the weights into one listener differ much. Immutable;
/// thread-safe; the graph and the probabilities must outlive it.
///
/// Source  Guo, Wang, Wei & Chen (SUBSIM), SIGMOD 2020, 2167-2181 (jumps; theirs are by one bound a
///         listener or a sort of the edges).
class LiveInEdges {
 public:
  /// Edges that may be alive: one, or some in a row.
  struct Proposal {
    std::size_t edge = 0;
    std::uint64_t bits = 0;   // What chance has in store for them.
    double bound = 0.0;       // Of one: what it was proposed with. Of a walk: weights before them.
    std::uint32_t count = 0;  // 0: one, proposed by a jump.
  };

  /// Shapes  probabilities: m, in [0, 1], parallel to graph.influencers.neighbors; under linear
  ///         threshold those into one listener sum to at most 1, but for rounding.
  /// Cost    O(n + m) time, 16 n + m / 2 bytes.
  LiveInEdges(const ListenGraph& graph, std::span<const float> probabilities, CascadeModel model);

  /// Asks memory for what `propose` will read.
  void ask(Vertex listener) const { __builtin_prefetch(&listeners_[listener]); }

  /// Appends where live edges into the listener may be, and asks memory for these edges. A pure
  /// function of the stream and the listener.
  void propose(Vertex listener, std::uint64_t stream, std::vector<Proposal>& proposals) const;

  /// Calls `visit(influencer)` for the edges of a proposal that are alive.
  template <typename Visit>
  void settle(const Proposal& proposal, const Visit& visit) const;

 private:
  static constexpr std::uint32_t kEdgesPerChunk = 32;
  static constexpr std::uint32_t kNoChunks = std::numeric_limits<std::uint32_t>::max();

  struct Listener {
    std::size_t begin = 0;  // Of the edges.
    std::uint32_t degree = 0;
    std::uint32_t chunk = kNoChunks;  // The first; none: a coin for every edge.
  };
  // Independent cascade: `end` is the sum of -log(1 - highest) over all edges so far. Linear
  // threshold: the sum of their weights.
  struct Chunk {
    double end = 0.0;
    double highest = 0.0;
  };

  void bound_chances(Listener& listener);
  void add_up_weights(const Listener& listener);
  void propose_jumps(const Listener& listener, std::uint64_t stream,
                     std::vector<Proposal>& proposals) const;
  void propose_step(const Listener& listener, std::uint64_t stream,
                    std::vector<Proposal>& proposals) const;
  void ask_for_edges(std::size_t edge, std::uint32_t count) const;

  const Vertex* influencers_;
  std::span<const float> probabilities_;
  CascadeModel model_;
  std::vector<Listener> listeners_;
  std::vector<Chunk> chunks_;
};

template <typename Visit>
void LiveInEdges::settle(const Proposal& proposal, const Visit& visit) const {
  const Vertex* const influencers = influencers_ + proposal.edge;
  const float* const probabilities = probabilities_.data() + proposal.edge;
  if (proposal.count == 0) {
    const double drawn = static_cast<double>(proposal.bits >> 11) * 0x1p-53;
    if (drawn * proposal.bound < static_cast<double>(*probabilities)) visit(*influencers);
    return;
  }
  if (model_ == CascadeModel::LinearThreshold) {
    const double drawn = static_cast<double>(proposal.bits >> 11) * 0x1p-53;
    double before = proposal.bound;
    for (std::uint32_t i = 0; i != proposal.count; ++i) {
      before += static_cast<double>(probabilities[i]);
      if (drawn < before) return visit(influencers[i]);
    }
    return;
  }
  std::uint64_t drawn = 0;
  for (std::uint32_t i = 0; i != proposal.count; ++i) {  // Two coins of 32 bits a draw.
    drawn = i % 2 == 0 ? draw_bits(proposal.bits, i / 2) : drawn >> 32;
    if ((drawn & 0xffffffffU) < quantized(probabilities[i])) visit(influencers[i]);
  }
}

}  // namespace grapevine
