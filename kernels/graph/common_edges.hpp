#pragma once

#include <span>
#include <vector>

#include "kernels/graph/listen_graph.hpp"

namespace grapevine {

/// Which edges of a graph some of its social events make.
///
/// Shapes  ties: chunks in any order; those that make no edge of the graph do not count. Result: m,
///         parallel to graph.listeners.neighbors.
/// Cost    O(log n + log degree) an event.
std::vector<bool> edges_of_ties(const ListenGraph& graph,
                                std::span<const std::vector<SocialTie>> ties);

}  // namespace grapevine
