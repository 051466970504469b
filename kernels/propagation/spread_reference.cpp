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

double threshold_spread_reference(const ListenGraph& graph, std::span<const float> weights,
                                  std::span<const Vertex> seeds, std::size_t horizon,
                                  VertexMask audience) {
  struct Heard {
    Vertex influencer;
    double weight;
  };
  std::vector<std::vector<Heard>> heard(graph.vertices());  // By listener.
  for (Vertex v = 0; v != graph.vertices(); ++v) {
    for (std::size_t i = 0; i != graph.listeners.degree(v); ++i) {
      const float weight = weights[graph.listeners.offsets[v] + i];
      heard[graph.listeners.of(v)[i]].push_back({v, static_cast<double>(weight)});
    }
  }
  // Listeners choose in turn: the number of influencers means none.
  std::vector<std::size_t> choice(graph.vertices());
  double expected = 0.0;
  while (true) {
    double chance = 1.0;
    for (std::size_t v = 0; v != heard.size(); ++v) {
      double none = 1.0;
      for (const Heard& h : heard[v]) none -= h.weight;
      chance *= choice[v] == heard[v].size() ? none : heard[v][choice[v]].weight;
    }
    const Coin alive = [&](std::size_t, Vertex influencer, Vertex listener, float) {
      const std::size_t chosen = choice[listener];
      return chosen != heard[listener].size() && heard[listener][chosen].influencer == influencer;
    };
    const auto steps = run_reference(graph, weights, seeds, horizon, audience, 0, alive);
    expected += chance * std::accumulate(steps.begin(), steps.end(), 0.0);
    std::size_t v = 0;
    while (v != choice.size() && choice[v] == heard[v].size()) choice[v++] = 0;
    if (v == choice.size()) return expected;
    ++choice[v];
  }
}

SidesTaken rivals_reference(const ListenGraph& graph, std::span<const float> probabilities,
                            std::span<const Vertex> own_seeds, std::span<const Vertex> rival_seeds,
                            std::size_t horizon, VertexMask audience, std::size_t run,
                            const Coin& coin, const TieCoin& own_wins) {
  std::map<Vertex, bool> is_own;  // Everyone who has a side.
  SidesTaken taken;
  // Whom each side reaches in this step.
  std::set<Vertex> own(own_seeds.begin(), own_seeds.end());
  std::set<Vertex> rival(rival_seeds.begin(), rival_seeds.end());
  for (std::size_t step = 0; !own.empty() || !rival.empty(); ++step) {
    std::map<Vertex, bool> speakers;
    for (const Vertex v : own) speakers[v] = !rival.contains(v) || own_wins(run, v);
    for (const Vertex v : rival) {
      if (!own.contains(v)) speakers[v] = false;
    }
    is_own.insert(speakers.begin(), speakers.end());
    for (const auto& [v, side] : speakers) {
      if (audience.empty() || mask_has(audience, v)) ++(side ? taken.own : taken.rival);
    }
    own.clear();
    rival.clear();
    if (horizon != 0 && step == horizon) break;
    for (const auto& [speaker, side] : speakers) {
      for (std::size_t i = 0; i != graph.listeners.degree(speaker); ++i) {
        const Vertex listener = graph.listeners.of(speaker)[i];
        const float probability = probabilities[graph.listeners.offsets[speaker] + i];
        if (is_own.contains(listener) || !coin(run, speaker, listener, probability)) continue;
        (side ? own : rival).insert(listener);
      }
    }
  }
  return taken;
}

}  // namespace grapevine
