#pragma once

#include <vector>

#include "kernels/graph/listen_graph.hpp"

namespace grapevine {

/// The definition: lengths and numbers of shortest ways between all pairs, one more step at a time;
/// then every triple of people. O(n^2 (n + m)): keep n below some hundred.
std::vector<double> betweenness_reference(const ListenGraph& graph);

}  // namespace grapevine
