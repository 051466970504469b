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

/// Draws which edges into a listener are alive, in three steps between which memory can be asked
/// for: which stretches of edges word may come from, which edges these are, and which of them are
/// alive. Immutable; thread-safe; the graph and the probabilities must outlive it.
///
/// Independent cascade, where a coin for each edge would be dear: proposals are a Poisson process
/// over stretches of 32 edges, each as likely as its likeliest edge, so that a dead edge costs
/// nothing; a proposed edge is alive in proportion to its own chance, by a coin of its own, so that
/// a second proposal changes nothing. Few proposals are refused even where the weights into one
/// listener differ much.
///
/// Source  Guo, Wang, Wei & Chen (SUBSIM), SIGMOD 2020, 2167-2181 (proposals; theirs are geometric
///         jumps by one bound a listener, or by a sort of the edges).
class LiveInEdges {
 public:
  /// Where live edges may be: one edge in a stretch, or some edges in a row.
  struct Proposal {
    std::size_t edge = 0;     // The first of them.
    std::uint64_t bits = 0;   // What chance has in store.
    double bound = 0.0;       // Of one edge: the chance it was proposed with; 0: its own.
    std::uint32_t count = 0;  // Edges in a row; 0: one.
  };
  /// A stretch yet to be found.
  struct Arrival {
    Vertex listener = 0;
    std::uint32_t column = 0;
    std::uint64_t stream = 0;
    std::uint64_t keep_bits = 0;
    std::uint64_t inside_bits = 0;
  };

  /// Shapes  probabilities: m, in [0, 1], parallel to graph.influencers.neighbors; under linear
  ///         threshold those into one listener sum to at most 1, but for rounding.
  /// Cost    O(n + m) time, 16 n + m / 2 bytes.
  LiveInEdges(const ListenGraph& graph, std::span<const float> probabilities, CascadeModel model);

  /// Asks memory for what `arrive` will read.
  void ask(Vertex listener) const {
    __builtin_prefetch(offsets_ + listener);
    __builtin_prefetch(&listeners_[listener]);
  }

  /// Appends from where word may come to a listener, and asks memory for it: stretches to
  /// `arrivals`, edges to `proposals`. A pure function of the stream and the listener.
  void arrive(Vertex listener, std::uint64_t stream, std::vector<Arrival>& arrivals,
              std::vector<Proposal>& proposals) const;

  /// Finds the edge of an arrival, and asks memory for it.
  [[nodiscard]] Proposal locate(const Arrival& arrival) const;

  /// Calls `visit(influencer)` for the edges of a proposal that are alive.
  template <typename Visit>
  void settle(const Proposal& proposal, const Visit& visit) const;

 private:
  static constexpr std::uint32_t kEdgesPerStretch = 32;
  static constexpr std::uint32_t kNoStretches = std::numeric_limits<std::uint32_t>::max();

  // The process is the sum of those of the edges: an edge with chance p has the rate -log(1 - p).
  struct Listener {
    double nobody = 0.0;   // The chance of no arrival; where tiny, the rate, negated.
    float highest = 0.0F;  // Of the only stretch.
    std::uint32_t stretch = kNoStretches;  // The first; none: a coin for every edge.
  };
  // A column of an alias table (see WeightedPick) over the stretches of a listener.
  struct Stretch {
    float keep = 1.0F;
    float highest = 0.0F;  // Chance of its edges, negated where all have the same,
    float other_highest = 0.0F;
    std::uint32_t other = 0;  // and of those of the other; counted from the first of the listener.
  };
  // Memory kept from listener to listener.
  struct Scratch {
    std::vector<double> height;
    std::vector<std::uint32_t> light;
    std::vector<std::uint32_t> heavy;
  };

  void bound_chances(Vertex listener, Scratch& scratch);
  void balance_columns(Listener& listener, Scratch& scratch);
  void add_up_weights(Vertex listener);
  [[nodiscard]] std::uint32_t stretches_of(std::size_t degree) const;
  void walk(Vertex listener, std::uint64_t stream, std::vector<Proposal>& proposals) const;
  void ask_for_edges(std::size_t edge, std::size_t count) const;

  const std::size_t* offsets_;
  const Vertex* influencers_;
  std::span<const float> probabilities_;
  CascadeModel model_;
  std::vector<Listener> listeners_;
  std::vector<Stretch> stretches_;  // Of independent cascade.
  std::vector<double> weights_;     // Of linear threshold: up to the end of each stretch.
};

template <typename Visit>
void LiveInEdges::settle(const Proposal& proposal, const Visit& visit) const {
  const Vertex* const influencers = influencers_ + proposal.edge;
  const float* const probabilities = probabilities_.data() + proposal.edge;
  const double drawn = static_cast<double>(proposal.bits >> 11) * 0x1p-53;
  if (proposal.count == 0) {
    if (proposal.bound == 0.0 || drawn * proposal.bound < static_cast<double>(*probabilities)) {
      visit(*influencers);
    }
    return;
  }
  if (model_ == CascadeModel::LinearThreshold) {
    // The edge in whose part of [0, 1) the number falls; `bound` is the sum of weights before.
    double before = proposal.bound;
    for (std::uint32_t i = 0; i != proposal.count; ++i) {
      before += static_cast<double>(probabilities[i]);
      if (drawn < before) return visit(influencers[i]);
    }
    return;
  }
  std::uint64_t coins = 0;
  for (std::uint32_t i = 0; i != proposal.count; ++i) {  // Two coins of 32 bits a draw.
    coins = i % 2 == 0 ? draw_bits(proposal.bits, i / 2) : coins >> 32;
    if ((coins & 0xffffffffU) < quantized(probabilities[i])) visit(influencers[i]);
  }
}

}  // namespace grapevine
