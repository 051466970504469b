#include "kernels/influence/betweenness_reference.hpp"

#include <cstddef>

namespace grapevine {

std::vector<double> betweenness_reference(const ListenGraph& graph) {
  const std::size_t n = graph.vertices();
  constexpr std::size_t kNever = static_cast<std::size_t>(-1);
  // ways[a * n + b]: numbers of shortest walks, which are the shortest ways, of length[a * n + b].
  std::vector<std::size_t> length(n * n, kNever);
  std::vector<long double> ways(n * n);
  for (std::size_t a = 0; a != n; ++a) {
    std::vector<long double> walks(n);  // From a, of the length looked at, to each.
    walks[a] = 1.0L;
    for (std::size_t steps = 0; steps <= n; ++steps) {
      std::vector<long double> longer(n);
      for (std::size_t b = 0; b != n; ++b) {
        if (walks[b] == 0.0L || length[a * n + b] != kNever) continue;
        length[a * n + b] = steps;
        ways[a * n + b] = walks[b];
        for (const Vertex next : graph.listeners.of(static_cast<Vertex>(b))) {
          longer[next] += walks[b];
        }
      }
      walks = longer;
    }
  }
  std::vector<double> scores(n);
  for (std::size_t a = 0; a != n; ++a) {
    for (std::size_t b = 0; b != n; ++b) {
      for (std::size_t v = 0; v != n; ++v) {
        if (a == b || v == a || v == b || length[a * n + b] == kNever) continue;
        if (length[a * n + v] == kNever || length[v * n + b] == kNever) continue;
        if (length[a * n + v] + length[v * n + b] != length[a * n + b]) continue;
        scores[v] += static_cast<double>(ways[a * n + v] * ways[v * n + b] / ways[a * n + b]);
      }
    }
  }
  if (n < 2) return scores;
  for (double& score : scores) score /= static_cast<double>(n) * static_cast<double>(n - 1);
  return scores;
}

}  // namespace grapevine
