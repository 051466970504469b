#pragma once

#include <cmath>
#include <cstdint>
#include <queue>
#include <random>
#include <span>
#include <tuple>
#include <vector>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/influence/action_log.hpp"

namespace grapevine {

/// Cascades of the model that is learned, with everything known: each content starts with one
/// person drawn evenly; word passes each edge with its probability (parallel to
/// graph.listeners.neighbors), after an exponential delay with the listener's mean.
inline std::vector<Action> draw_cascades(const ListenGraph& graph,
                                         std::span<const float> probabilities,
                                         std::span<const double> delay_ms, std::uint32_t contents,
                                         std::uint64_t seed) {
  std::mt19937_64 draw(seed);
  const auto uniform = [&draw] { return static_cast<double>(draw() >> 11) * 0x1p-53; };
  std::vector<Action> actions;
  for (std::uint32_t content = 0; content != contents; ++content) {
    using Arrival = std::pair<double, Vertex>;
    std::priority_queue<Arrival, std::vector<Arrival>, std::greater<>> arrivals;
    std::vector<bool> acted(graph.vertices());
    const double begin = 1.7e12 + 6e4 * content;
    arrivals.emplace(begin, static_cast<Vertex>(draw() % graph.vertices()));
    while (!arrivals.empty()) {
      const auto [time, v] = arrivals.top();
      arrivals.pop();
      if (acted[v]) continue;
      acted[v] = true;
      actions.push_back({v, content, static_cast<TimeMs>(time)});
      for (std::size_t edge = graph.listeners.offsets[v]; edge != graph.listeners.offsets[v + 1];
           ++edge) {
        const Vertex listener = graph.listeners.neighbors[edge];
        if (uniform() >= static_cast<double>(probabilities[edge])) continue;
        arrivals.emplace(time - delay_ms[listener] * std::log1p(-uniform()), listener);
      }
    }
  }
  return actions;
}

/// Actions without any model: some people, contents and times, some of them the same.
inline std::vector<Action> random_actions(std::size_t people, std::size_t count,
                                          std::uint64_t seed) {
  std::mt19937_64 draw(seed);
  std::vector<Action> actions;
  for (std::size_t i = 0; people != 0 && i != count; ++i) {
    actions.push_back({static_cast<Vertex>(draw() % people),
                       static_cast<std::uint32_t>(7 * (draw() % 20) + 1'000'000),
                       static_cast<TimeMs>(draw() % 400)});
  }
  return actions;
}

}  // namespace grapevine
