#pragma once

#include <vector>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/graph/vertex_mask.hpp"

namespace grapevine {

/// Solves (I - d P) x = (1 - d) r directly, with P dense and r even over `restart` (empty: everyone).
/// O(n^3): keep n below about 1000.
std::vector<double> pagerank_reference(const ListenGraph& graph, double damping,
                                       VertexMask restart = {});

}  // namespace grapevine
