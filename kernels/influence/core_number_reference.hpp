#pragma once

#include <cstdint>
#include <vector>

#include "kernels/graph/listen_graph.hpp"

namespace grapevine {

/// For k = 1, 2, ...: deletes people with fewer than k ties until there are none; those left have a
/// core number of at least k. O(k n m): keep the graph below some thousand edges.
std::vector<std::uint32_t> core_number_reference(const ListenGraph& graph);

}  // namespace grapevine
