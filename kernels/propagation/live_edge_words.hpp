#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/propagation/chance.hpp"
#include "kernels/propagation/model.hpp"

namespace grapevine {

/// In which of 64 runs an edge is alive, seen from its influencer. Immutable; thread-safe; the
/// graph and the probabilities must outlive it.
///
/// Independent cascade: the coins of `word_passes`. Linear threshold: every listener draws one
/// number a run, from the block's key and who they are; the edge is alive in whose part of [0, 1)
/// it falls.
class LiveEdgeWords {
 public:
  /// Shapes  probabilities: m, in [0, 1], parallel to graph.listeners.neighbors.
  /// Errors  InvalidArgument: an array of another size; under linear threshold weights into a
  ///         listener that sum to more than 1 by more than the rounding of floats (1e-5).
  /// Cost    Independent cascade: O(1). Linear threshold: O(n + m), 8 m bytes.
  static absl::StatusOr<LiveEdgeWords> make(const ListenGraph& graph,
                                            std::span<const float> probabilities,
                                            CascadeModel model);

  /// Of the runs asked about, those in which edge number `edge` of graph.listeners is alive. `key`:
  /// of the block (`block_key`). A pure function: what it says of a run does not depend on the
  /// others.
  [[nodiscard]] std::uint64_t alive(std::uint64_t key, Vertex influencer, std::size_t edge,
                                    std::uint64_t asked) const {
    const Vertex listener = listeners_[edge];
    if (parts_.empty()) {
      return word_passes(key, influencer, listener, probabilities_[edge], asked);
    }
    return falls_into(parts_[edge], scramble(key ^ (std::uint64_t{listener} << 32 | listener)),
                      asked);
  }

 private:
  // Of the numbers below 2^32, those of one edge.
  struct Part {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };

  LiveEdgeWords(const ListenGraph& graph, std::span<const float> probabilities)
      : listeners_(graph.listeners.neighbors), probabilities_(probabilities) {}

  static std::uint64_t falls_into(Part part, std::uint64_t stream, std::uint64_t asked);

  std::span<const Vertex> listeners_;
  std::span<const float> probabilities_;
  std::vector<Part> parts_;  // Parallel to the edges; none under independent cascade.
};

}  // namespace grapevine
