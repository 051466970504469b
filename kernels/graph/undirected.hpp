#pragma once

#include <algorithm>
#include <cstddef>

#include "kernels/graph/listen_graph.hpp"

namespace grapevine {

/// Calls `body(neighbor, weight)` for everyone whom `v` listens to or is heard by, once each and in
/// increasing order; the weight is the sum of both directions'. Cost: O(degree).
template <typename Body>
void for_each_tie(const ListenGraph& graph, Vertex v, const Body& body) {
  const auto a = graph.listeners.of(v);
  const auto b = graph.influencers.of(v);
  const float* a_weights = graph.listeners.weights_of(v).data();
  const float* b_weights = graph.influencers.weights_of(v).data();
  std::size_t i = 0;
  std::size_t j = 0;
  while (i != a.size() && j != b.size()) {
    const Vertex next = std::min(a[i], b[j]);
    double weight = 0.0;
    if (a[i] == next) weight += static_cast<double>(a_weights[i++]);
    if (b[j] == next) weight += static_cast<double>(b_weights[j++]);
    body(next, weight);
  }
  for (; i != a.size(); ++i) body(a[i], static_cast<double>(a_weights[i]));
  for (; j != b.size(); ++j) body(b[j], static_cast<double>(b_weights[j]));
}

}  // namespace grapevine
