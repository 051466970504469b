#include "kernels/propagation/spread_reference.hpp"

#include <map>
#include <numeric>
#include <set>
#include <utility>

namespace grapevine {

std::vector<std::uint32_t> run_reference(const ListenGraph& graph,
                                         std::span<const float> probabilities,
                                         std::span<const Vertex> seeds, std::size_t horizon,
                                         VertexMask audience, std::size_t run, const Coin& coin) {
  std::set<Vertex> reached(seeds.begin(), seeds.end());
  std::vector<Vertex> speakers(reached.begin(), reached.end());
  std::vector<std::uint32_t> newly_reached;
  while (!speakers.empty()) {
    std::uint32_t counted = 0;
    for (const Vertex v : speakers) counted += audience.empty() || mask_has(audience, v) ? 1 : 0;
    newly_reached.push_back(counted);
    if (horizon != 0 && newly_reached.size() == horizon + 1) break;
    std::vector<Vertex> next;
    for (const Vertex speaker : speakers) {
      for (std::size_t i = 0; i != graph.listeners.degree(speaker); ++i) {
        const Vertex listener = graph.listeners.of(speaker)[i];
        const float probability = probabilities[graph.listeners.offsets[speaker] + i];
        if (reached.contains(listener) || !coin(run, speaker, listener, probability)) continue;
        reached.insert(listener);
        next.push_back(listener);
      }
    }
    speakers = std::move(next);
  }
  return newly_reached;
}

double spread_reference(const ListenGraph& graph, std::span<const float> probabilities,
                        std::span<const Vertex> seeds, std::size_t horizon, VertexMask audience) {
  std::map<std::pair<Vertex, Vertex>, std::size_t> number_of_edge;
  std::vector<double> pass;
  for (Vertex v = 0; v != graph.vertices(); ++v) {
    for (std::size_t i = 0; i != graph.listeners.degree(v); ++i) {
      number_of_edge[{v, graph.listeners.of(v)[i]}] = pass.size();
      pass.push_back(static_cast<double>(probabilities[graph.listeners.offsets[v] + i]));
    }
  }
  double expected = 0.0;
  for (std::size_t outcome = 0; outcome != std::size_t{1} << pass.size(); ++outcome) {
    double chance = 1.0;
    for (std::size_t i = 0; i != pass.size(); ++i) {
      chance *= (outcome >> i & 1) != 0 ? pass[i] : 1.0 - pass[i];
    }
    const Coin alive = [&](std::size_t, Vertex influencer, Vertex listener, float) {
      return (outcome >> number_of_edge.at({influencer, listener}) & 1) != 0;
    };
    const auto steps = run_reference(graph, probabilities, seeds, horizon, audience, 0, alive);
    expected += chance * std::accumulate(steps.begin(), steps.end(), 0.0);
  }
  return expected;
}

}  // namespace grapevine
