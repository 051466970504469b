#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/influence/action_log.hpp"

namespace grapevine {

/// An influencer had acted on a content when the listener did.
struct Exposure {
  std::uint32_t action = 0;      ///< Of the listener's, counted from their first.
  std::uint32_t influencer = 0;  ///< Of the listener's, counted from the first.
  double delay_ms = 0.0;         ///< At least 1: from the influencer's action to the listener's.
};

/// All that actions say of the edges into one listener. Memory is kept from one to the next.
struct ListenerExposures {
  std::size_t actions = 0;            ///< Of the listener.
  std::vector<std::uint64_t> trials;  ///< By influencer.
  std::vector<Exposure> exposures;    ///< By action, and then by influencer.
  std::vector<std::size_t> offsets;   ///< Those of action i are [offsets[i], offsets[i + 1]).

  /// Finds them in the contents below `content_end`.
  /// Cost: see learn_probabilities; the listener's actions are sorted by counting.
  void find(const ListenGraph& graph, const ActionLog& log, std::uint32_t content_end,
            Vertex listener);

  [[nodiscard]] std::span<const Exposure> of(std::size_t action) const {
    return std::span(exposures).subspan(offsets[action], offsets[action + 1] - offsets[action]);
  }

 private:
  std::vector<Exposure> by_influencer_;
};

}  // namespace grapevine
