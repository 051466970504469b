#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/propagation/model.hpp"

namespace grapevine {

/// The probability that each person is reached, exactly: every outcome of all edges, weighted by
/// its probability, and a search in it. `probabilities` are parallel to graph.listeners.neighbors;
/// the blocked are not reached. Linear threshold: every listener keeps one in-edge or none. O(2^m
/// m): keep the graph below some dozen edges.
std::vector<double> reach_reference(const ListenGraph& graph, std::span<const float> probabilities,
                                    CascadeModel model, std::span<const Vertex> spreading,
                                    std::span<const Vertex> blocked, std::size_t horizon);

}  // namespace grapevine
