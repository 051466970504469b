#include "kernels/graph/common_edges.hpp"

#include <algorithm>

namespace grapevine {

std::vector<bool> edges_of_ties(const ListenGraph& graph,
                                std::span<const std::vector<SocialTie>> ties) {
  std::vector<bool> edges(graph.edges());
  for (const std::vector<SocialTie>& chunk : ties) {
    for (const SocialTie& tie : chunk) {
      const auto influencer = graph.vertex_of(tie.influencer);
      const auto listener = graph.vertex_of(tie.listener);
      if (!influencer || !listener) continue;
      const auto heard_by = graph.listeners.of(*influencer);
      const auto found = std::lower_bound(heard_by.begin(), heard_by.end(), *listener);
      if (found == heard_by.end() || *found != *listener) continue;
      edges[graph.listeners.offsets[*influencer] +
            static_cast<std::size_t>(found - heard_by.begin())] = true;
    }
  }
  return edges;
}

}  // namespace grapevine
