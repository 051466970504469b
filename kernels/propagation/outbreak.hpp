#pragma once

#include <span>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/propagation/live_edge_words.hpp"

namespace grapevine {

/// A complaint that spreads, and whom it costs what.
struct Outbreak {
  const ListenGraph& graph;
  const LiveEdgeWords& edges;
  std::span<const Vertex> spreading;  ///< Each once.
  std::span<const double> values;     ///< By vertex; empty: 1 each.
};

}  // namespace grapevine
