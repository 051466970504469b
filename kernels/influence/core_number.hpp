#pragma once

#include <cstdint>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/parallel/stop.hpp"

namespace grapevine {

/// How deep in the crowd everyone is: the largest k such that a person belongs to a group in which
/// everyone is tied to at least k others of the group, whoever listens to whom.
///
/// Shapes  graph: n people, m edges, taken as a simple undirected graph: an edge each way counts
///         once. Result: n core numbers; 0 for those tied to nobody.
/// Errors  Cancelled: `stop` was requested.
/// Cost    O(n + m) time; scratch 12 n + 8 m bytes. One thread but for the merging of both
///         directions.
/// Source  Batagelj & Zaversnik, arXiv:cs/0310049 (2003).
absl::StatusOr<std::vector<std::uint32_t>> core_number(const ListenGraph& graph, const Stop& stop);

}  // namespace grapevine
