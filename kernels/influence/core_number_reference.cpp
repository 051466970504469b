#include "kernels/influence/core_number_reference.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace grapevine {

std::vector<std::uint32_t> core_number_reference(const ListenGraph& graph) {
  std::set<std::pair<Vertex, Vertex>> ties;
  for (Vertex v = 0; v != graph.vertices(); ++v) {
    for (const Vertex listener : graph.listeners.of(v)) ties.insert(std::minmax(v, listener));
  }
  std::vector<std::uint32_t> core(graph.vertices());
  for (std::uint32_t k = 1; !ties.empty(); ++k) {
    for (bool changed = true; changed;) {
      std::vector<std::uint32_t> degree(graph.vertices());
      for (const auto& [a, b] : ties) ++degree[a], ++degree[b];
      changed = std::erase_if(ties, [&](const auto& tie) {
                  return degree[tie.first] < k || degree[tie.second] < k;
                }) > 0;
    }
    for (const auto& [a, b] : ties) core[a] = core[b] = k;
  }
  return core;
}

}  // namespace grapevine
