#pragma once

#include <vector>

#include "kernels/graph/listen_graph.hpp"

namespace grapevine {

/// Solves (I - d P) x = (1 - d) / n directly, with P dense. O(n^3): keep n below about 1000.
std::vector<double> pagerank_reference(const ListenGraph& graph, double damping);

}  // namespace grapevine
