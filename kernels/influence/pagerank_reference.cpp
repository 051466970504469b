#include "kernels/influence/pagerank_reference.hpp"

#include <Eigen/Dense>

namespace grapevine {

std::vector<double> pagerank_reference(const ListenGraph& graph, double damping,
                                       VertexMask restart) {
  const auto n = static_cast<Eigen::Index>(graph.vertices());
  if (n == 0) return {};
  Eigen::VectorXd restarts = Eigen::VectorXd::Ones(n);
  for (Vertex v = 0; v != graph.vertices(); ++v) {
    if (!restart.empty() && !mask_has(restart, v)) restarts[v] = 0.0;
  }
  restarts /= restarts.sum();
  // Column l says where listener l's attention goes: by weight, or where it begins if there is nobody.
  Eigen::MatrixXd passes_to = restarts.replicate(1, n);
  for (Vertex listener = 0; listener != graph.vertices(); ++listener) {
    const auto weights = graph.influencers.weights_of(listener);
    if (weights.empty()) continue;
    passes_to.col(listener).setZero();
    for (std::size_t i = 0; i != weights.size(); ++i) {
      passes_to(graph.influencers.of(listener)[i], listener) = static_cast<double>(weights[i]);
    }
    passes_to.col(listener) /= passes_to.col(listener).sum();
  }
  const Eigen::MatrixXd system = Eigen::MatrixXd::Identity(n, n) - damping * passes_to;
  const Eigen::VectorXd arrive = (1.0 - damping) * restarts;
  const Eigen::VectorXd score = system.partialPivLu().solve(arrive);
  return {score.begin(), score.end()};
}

}  // namespace grapevine
