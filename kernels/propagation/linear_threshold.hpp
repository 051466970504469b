#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <absl/status/status.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/propagation/chance.hpp"

namespace grapevine {

/// Which numbers below 2^32 mean that a listener hears from one influencer: [first, end).
struct DrawRange {
  std::uint64_t first = 0;
  std::uint64_t end = 0;
};

/// Whether the weights into every listener sum to at most 1, or above it by no more than rounding
/// of floats explains.
/// Errors  InvalidArgument: they do not, or one is not in [0, 1].
/// Cost    O(n + m).
absl::Status check_threshold_weights(const ListenGraph& graph, std::span<const float> weights);

/// Lays the weights into each listener side by side on [0, 2^32), in the order of influencers: one
/// number drawn by the listener then says whom they hear from, if anyone.
///
/// Shapes  weights, result: m, parallel to graph.listeners.neighbors.
/// Cost    O(n + m).
std::vector<DrawRange> draw_ranges(const ListenGraph& graph, std::span<const float> weights);

/// In which of the runs `asked` a listener draws a number of the range: 64 runs at once. A pure
/// function, as `word_passes`; a listener draws one number a run, whoever asks.
inline std::uint64_t word_is_drawn(std::uint64_t key, Vertex listener, const DrawRange& range,
                                   std::uint64_t asked) {
  // No edge leads from oneself to oneself, so that no coin of an edge has this stream.
  const std::uint64_t stream = edge_stream(key, listener, listener);
  const std::uint64_t below = draws_below(stream, range.end, asked);
  return below & ~draws_below(stream, range.first, below);
}

}  // namespace grapevine
