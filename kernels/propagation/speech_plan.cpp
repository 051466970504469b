#include "kernels/propagation/speech_plan.hpp"

#include <limits>

#include "kernels/parallel/exclusive_scan.hpp"
#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kSpeechesPerBlock = 2048;
constexpr std::uint32_t kDeadEnd = std::numeric_limits<std::uint32_t>::max();

bool is_heard(const ListenGraph& graph, std::size_t v) {
  return graph.listeners.offsets[v] != graph.listeners.offsets[v + 1];
}

// Gives places to all but dead ends: first to those who are heard, then to the others.
std::vector<std::uint32_t> place_people(const ListenGraph& graph, std::span<const Vertex> seeds,
                                        SpeechPlan& plan) {
  const std::size_t n = graph.vertices();
  std::vector<std::uint32_t> place(n, kDeadEnd);
  std::uint32_t next = 0;
  for (std::size_t v = 0; v != n; ++v) {
    if (!is_heard(graph, v)) continue;
    place[v] = next++;
    plan.speeches.emplace_back().speaker = static_cast<Vertex>(v);
  }
  for (std::size_t v = 0; v != n; ++v) {
    if (!is_heard(graph, v) && graph.influencers.degree(static_cast<Vertex>(v)) > 1)
      place[v] = next++;
  }
  for (const Vertex seed : seeds) {
    if (place[seed] == kDeadEnd) place[seed] = next++;
    plan.seed_places.push_back(place[seed]);
  }
  plan.places = next;
  return place;
}

}  // namespace

SpeechPlan plan_speeches(const ListenGraph& graph, std::span<const float> probabilities,
                         std::span<const Vertex> seeds, VertexMask audience) {
  SpeechPlan plan;
  const std::vector<std::uint32_t> place = place_people(graph, seeds, plan);
  const auto counts = [&](Vertex v) { return audience.empty() || mask_has(audience, v); };
  std::vector<std::size_t> begins(plan.speeches.size());
  for_each_block(plan.speeches.size(), kSpeechesPerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i != end; ++i) {
      Speech& speech = plan.speeches[i];
      const std::size_t first = graph.listeners.offsets[speech.speaker];
      speech.listeners = static_cast<std::uint32_t>(graph.listeners.degree(speech.speaker));
      for (std::size_t edge = first; edge != first + speech.listeners; ++edge) {
        const Vertex listener = graph.listeners.neighbors[edge];
        if (place[listener] != kDeadEnd) {
          ++speech.stateful;
        } else if (counts(listener)) {
          ++(probabilities[edge] >= 1.0F ? speech.certain : speech.dead_ends);
        }
      }
      begins[i] = std::size_t{speech.stateful} + speech.dead_ends;
    }
  });
  plan.edges.resize(exclusive_scan(std::span(begins)));
  for_each_block(plan.speeches.size(), kSpeechesPerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i != end; ++i) {
      Speech& speech = plan.speeches[i];
      speech.begin = begins[i];
      std::size_t next = speech.begin;
      std::size_t next_dead_end = speech.begin + speech.stateful;
      const std::size_t first = graph.listeners.offsets[speech.speaker];
      for (std::size_t edge = first; edge != first + speech.listeners; ++edge) {
        const Vertex listener = graph.listeners.neighbors[edge];
        const SpeechEdge kept{place[listener], listener, probabilities[edge]};
        if (kept.place != kDeadEnd) {
          plan.edges[next++] = kept;
        } else if (counts(listener) && kept.probability < 1.0F) {
          plan.edges[next_dead_end++] = kept;
        }
      }
    }
  });
  return plan;
}

}  // namespace grapevine
