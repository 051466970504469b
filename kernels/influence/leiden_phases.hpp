#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <absl/status/status.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/parallel/stop.hpp"

namespace grapevine {

/// An undirected graph whose nodes are people or groups of people. What ties a group to itself is
/// left out, except from its strength.
struct TieGraph {
  std::vector<std::size_t> offsets;  ///< n + 1: the ties of v are [offsets[v], offsets[v + 1]).
  std::vector<Vertex> neighbors;     ///< Each tie stands at both ends.
  std::vector<double> weights;       ///< Above 0, parallel to `neighbors`.
  std::vector<double> strengths;     ///< By node: the weight of all ties of its people.

  [[nodiscard]] std::size_t nodes() const { return strengths.size(); }
};

/// What a group of strength S gains by a node of strength s that is tied to it with weight w:
/// w - s S `per_strength`, with per_strength = resolution / (2 x weight of all ties). That is the
/// gain of modularity times the weight of all ties.
struct LeidenScale {
  double per_strength = 0.0;
  double temperature = 0.0;  ///< Of the choice among merges; 0: the best one.
};

/// The people as nodes. Cost: O(n + m), by all threads.
TieGraph tie_graph(const ListenGraph& graph);

/// Moves nodes one by one to the neighbour's group that gains most, or to one of their own, until
/// no move helps. A node is looked at again when a neighbour has left for another group.
///
/// Shapes  of: by node, its group below `nodes()`; changed in place.
/// Errors  Cancelled: `stop` was requested.
absl::Status move_nodes(const TieGraph& graph, const LeidenScale& scale, std::uint64_t stream,
                        std::span<std::uint32_t> of, const Stop& stop);

/// Parts every group into connected, well connected parts: each node begins alone and joins a part
/// of its group that does not lose by it, the likelier the more that gains.
///
/// Shapes  parts: by node, a number below `nodes()`; written.
/// Errors  Cancelled: `stop` was requested.
absl::Status refine_groups(const TieGraph& graph, const LeidenScale& scale, std::uint64_t stream,
                           std::span<const std::uint32_t> of, std::span<std::uint32_t> parts,
                           const Stop& stop);

/// The connected parts of every group. Shapes: as `refine_groups`.
void connected_parts(const TieGraph& graph, std::span<const std::uint32_t> of,
                     std::span<std::uint32_t> parts);

/// Numbers groups anew: 0, 1, ... by their first node. Returns how many there are.
std::size_t renumber(std::span<std::uint32_t> of);

/// Makes each part a node. Shapes: parts are numbers below `count`, none of them empty.
TieGraph aggregate(const TieGraph& graph, std::span<const std::uint32_t> parts, std::size_t count);

}  // namespace grapevine
