#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/graph/listen_graph.hpp"

namespace grapevine {

/// Some of a graph's people: bit v % 64 of word v / 64 is vertex v. A kernel that takes a mask
/// reads an empty one as everyone, and else needs mask_words(n) words whose bits past n are clear.
using VertexMask = std::span<const std::uint64_t>;

constexpr std::size_t mask_words(std::size_t vertices) { return (vertices + 63) / 64; }

constexpr bool mask_has(VertexMask mask, Vertex v) { return (mask[v / 64] >> (v % 64) & 1) != 0; }

/// Which of the graph's people are in a set of customers, given as a bitset by CustomerId;
/// customers past its end are not in it. Cost: O(n).
std::vector<std::uint64_t> mask_of_customers(const ListenGraph& graph,
                                             std::span<const std::uint64_t> customers);

}  // namespace grapevine
