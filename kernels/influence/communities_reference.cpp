#include "kernels/influence/communities_reference.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <set>

#include <Eigen/Dense>

namespace grapevine {

double modularity_reference(const ListenGraph& graph, std::span<const std::uint32_t> of,
                            double resolution) {
  const auto n = static_cast<Eigen::Index>(graph.vertices());
  Eigen::MatrixXd weights = Eigen::MatrixXd::Zero(n, n);
  for (Vertex v = 0; v != graph.vertices(); ++v) {
    const auto influencers = graph.influencers.of(v);
    for (std::size_t i = 0; i != influencers.size(); ++i) {
      const auto weight = static_cast<double>(graph.influencers.weights_of(v)[i]);
      weights(v, influencers[i]) += weight;
      weights(influencers[i], v) += weight;
    }
  }
  const double all = weights.sum();
  if (all == 0.0) return 0.0;
  const Eigen::VectorXd strengths = weights.rowwise().sum();
  double sum = 0.0;
  for (Eigen::Index i = 0; i != n; ++i) {
    for (Eigen::Index j = 0; j != n; ++j) {
      if (of[static_cast<std::size_t>(i)] != of[static_cast<std::size_t>(j)]) continue;
      sum += (weights(i, j) - resolution * strengths(i) * strengths(j) / all) / all;
    }
  }
  return sum;
}

double best_modularity_reference(const ListenGraph& graph, double resolution) {
  std::vector<std::uint32_t> of(graph.vertices());
  double best = -std::numeric_limits<double>::infinity();
  // Each person joins one of the groups before them or opens the next: every grouping once.
  const std::function<void(std::size_t, std::uint32_t)> place = [&](std::size_t v,
                                                                    std::uint32_t groups) {
    if (v == of.size()) {
      best = std::max(best, modularity_reference(graph, of, resolution));
      return;
    }
    for (of[v] = 0; of[v] <= groups; ++of[v]) {
      const std::uint32_t group = of[v];
      place(v + 1, std::max(groups, group + 1));
      of[v] = group;
    }
  };
  place(0, 0);
  return best;
}

bool all_connected_reference(const ListenGraph& graph, std::span<const std::uint32_t> of) {
  // The smallest person of everyone's part of their group, told along ties until nothing changes.
  std::vector<Vertex> smallest(graph.vertices());
  for (Vertex v = 0; v != graph.vertices(); ++v) smallest[v] = v;
  for (bool changed = true; changed;) {
    changed = false;
    for (Vertex v = 0; v != graph.vertices(); ++v) {
      for (const Vertex u : graph.influencers.of(v)) {
        if (of[u] != of[v] || smallest[u] == smallest[v]) continue;
        smallest[u] = smallest[v] = std::min(smallest[u], smallest[v]);
        changed = true;
      }
    }
  }
  std::map<std::uint32_t, std::set<Vertex>> parts;
  for (Vertex v = 0; v != graph.vertices(); ++v) parts[of[v]].insert(smallest[v]);
  return std::ranges::all_of(parts, [](const auto& part) { return part.second.size() == 1; });
}

}  // namespace grapevine
