#include "kernels/propagation/reach_reference.hpp"

#include <algorithm>
#include <functional>
#include <map>

namespace grapevine {
namespace {

struct Edge {
  Vertex influencer = 0;
  Vertex listener = 0;
  double probability = 0.0;
};

using Outcome = std::vector<Edge>;
using Visit = std::function<void(double chance, const Outcome& alive)>;

void every_cascade(std::span<const Edge> edges, double chance, Outcome& alive, const Visit& visit) {
  if (edges.empty()) return visit(chance, alive);
  every_cascade(edges.subspan(1), chance * (1.0 - edges[0].probability), alive, visit);
  alive.push_back(edges[0]);
  every_cascade(edges.subspan(1), chance * edges[0].probability, alive, visit);
  alive.pop_back();
}

void every_choice(std::span<const std::vector<Edge>> of_listeners, double chance, Outcome& alive,
                  const Visit& visit) {
  if (of_listeners.empty()) return visit(chance, alive);
  double rest = 1.0;
  for (const Edge& edge : of_listeners[0]) {
    rest -= edge.probability;
    alive.push_back(edge);
    every_choice(of_listeners.subspan(1), chance * edge.probability, alive, visit);
    alive.pop_back();
  }
  every_choice(of_listeners.subspan(1), chance * std::max(rest, 0.0), alive, visit);
}

}  // namespace

std::vector<double> reach_reference(const ListenGraph& graph, std::span<const float> probabilities,
                                    CascadeModel model, std::span<const Vertex> spreading,
                                    std::span<const Vertex> blocked, std::size_t horizon) {
  std::vector<Edge> edges;
  std::map<Vertex, std::vector<Edge>> by_listener;
  for (Vertex v = 0; v != graph.vertices(); ++v) {
    for (std::size_t i = graph.listeners.offsets[v]; i != graph.listeners.offsets[v + 1]; ++i) {
      edges.push_back({v, graph.listeners.neighbors[i], static_cast<double>(probabilities[i])});
      by_listener[graph.listeners.neighbors[i]].push_back(edges.back());
    }
  }
  std::vector<double> reached(graph.vertices());
  const Visit search = [&](double chance, const Outcome& alive) {
    std::vector<std::size_t> step(graph.vertices(), graph.vertices() + 1);  // More than any.
    for (const Vertex v : spreading) step[v] = 0;
    for (std::size_t sweep = 0; sweep != graph.vertices(); ++sweep) {
      for (const Edge& edge : alive) {
        if (std::ranges::count(blocked, edge.listener) != 0) continue;
        step[edge.listener] = std::min(step[edge.listener], step[edge.influencer] + 1);
      }
    }
    for (Vertex v = 0; v != graph.vertices(); ++v) {
      const std::size_t last = horizon == 0 ? graph.vertices() : horizon;
      if (step[v] <= last) reached[v] += chance;
    }
  };
  Outcome alive;
  if (model == CascadeModel::IndependentCascade) {
    every_cascade(edges, 1.0, alive, search);
  } else {
    std::vector<std::vector<Edge>> of_listeners;
    for (auto& [listener, own] : by_listener) of_listeners.push_back(std::move(own));
    every_choice(of_listeners, 1.0, alive, search);
  }
  return reached;
}

}  // namespace grapevine
