#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/graph/listen_graph.hpp"

namespace grapevine {

/// The sum over all pairs of people of one group, of (w_ij - resolution s_i s_j / 2M) / 2M, from a
/// matrix. O(n^2).
double modularity_reference(const ListenGraph& graph, std::span<const std::uint32_t> of,
                            double resolution);

/// The highest modularity of any grouping, by trying all. Keep n below 10.
double best_modularity_reference(const ListenGraph& graph, double resolution);

/// Whether the people of every group reach each other without leaving it, whoever listens to whom.
bool all_connected_reference(const ListenGraph& graph, std::span<const std::uint32_t> of);

}  // namespace grapevine
