#include "kernels/propagation/speech_plan.hpp"

#include <limits>

#include "kernels/parallel/exclusive_scan.hpp"
#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kSpeechesPerBlock = 2048;
constexpr std::uint32_t kDeadEnd = std::numeric_limits<std::uint32_t>::max();
// A coin for 64 runs costs about as much as two picks, and is asked for some 3 (R-MAT) to 16
// (Higgs) runs at once; a few coins cost as much as asking for picks. Measured: 1/32 to 2/3.
constexpr float kRareProbabilityMax = 1.0F / 6;
constexpr std::size_t kRareListenersMin = 4;

bool is_rare(float probability) { return probability > 0.0F && probability < kRareProbabilityMax; }

bool is_heard(const ListenGraph& graph, std::size_t v) {
  return graph.listeners.offsets[v] != graph.listeners.offsets[v + 1];
}

// What is asked of the plan, and where everyone has their place.
struct Layout {
  const ListenGraph& graph;
  std::span<const float> probabilities;
  VertexMask audience;
  std::vector<std::uint8_t> draws_rarely;  // By vertex, of speakers.
  std::vector<std::uint32_t> place;        // By vertex; kDeadEnd for those without one.

  bool counts(Vertex v) const { return audience.empty() || mask_has(audience, v); }
  bool rare(Vertex speaker, float probability) const {
    return draws_rarely[speaker] != 0 && is_rare(probability);
  }
};

// Finds whose rare listeners are worth drawing together.
void find_rare(Layout& layout) {
  const std::vector<std::size_t>& offsets = layout.graph.listeners.offsets;
  for_each_block(layout.draws_rarely.size(), kSpeechesPerBlock,
                 [&](std::size_t begin, std::size_t end) {
                   for (std::size_t v = begin; v != end; ++v) {
                     std::size_t rare = 0;
                     for (std::size_t edge = offsets[v]; edge != offsets[v + 1]; ++edge)
                       rare += is_rare(layout.probabilities[edge]) ? 1 : 0;
                     layout.draws_rarely[v] = rare >= kRareListenersMin ? 1 : 0;
                   }
                 });
}

// Gives places to all but dead ends: first to those who are heard, then to the others.
void place_people(Layout& layout, std::span<const Vertex> seeds, bool keep_dead_ends,
                  SpeechPlan& plan) {
  const ListenGraph& graph = layout.graph;
  const std::size_t n = graph.vertices();
  const auto take = [&](std::size_t v) {
    layout.place[v] = static_cast<std::uint32_t>(plan.people.size());
    plan.people.push_back(static_cast<Vertex>(v));
  };
  for (std::size_t v = 0; v != n; ++v) {
    if (!is_heard(graph, v)) continue;
    take(v);
    plan.speeches.emplace_back().speaker = static_cast<Vertex>(v);
  }
  const std::size_t influencers_min = keep_dead_ends ? 1 : 2;
  for (std::size_t v = 0; v != n; ++v) {
    if (!is_heard(graph, v) &&
        graph.influencers.degree(static_cast<Vertex>(v)) >= influencers_min) {
      take(v);
    }
  }
  // Whoever may be picked twice in a run must count once.
  for (const Speech& speech : plan.speeches) {
    const Vertex v = speech.speaker;
    if (layout.draws_rarely[v] == 0) continue;
    for (std::size_t edge = graph.listeners.offsets[v]; edge != graph.listeners.offsets[v + 1];
         ++edge) {
      const Vertex listener = graph.listeners.neighbors[edge];
      if (layout.place[listener] == kDeadEnd && is_rare(layout.probabilities[edge])) take(listener);
    }
  }
  for (const Vertex seed : seeds) {
    if (layout.place[seed] == kDeadEnd) take(seed);
    plan.seed_places.push_back(layout.place[seed]);
  }
  plan.places = plan.people.size();
}

// Counts a person's edges by kind; returns how many are kept.
std::size_t count_edges(const Layout& layout, Speech& speech) {
  const std::size_t first = layout.graph.listeners.offsets[speech.speaker];
  speech.listeners = static_cast<std::uint32_t>(layout.graph.listeners.degree(speech.speaker));
  for (std::size_t edge = first; edge != first + speech.listeners; ++edge) {
    const Vertex listener = layout.graph.listeners.neighbors[edge];
    const float probability = layout.probabilities[edge];
    if (layout.rare(speech.speaker, probability)) continue;
    if (layout.place[listener] != kDeadEnd) {
      ++speech.stateful;
    } else if (layout.counts(listener)) {
      ++(probability >= 1.0F ? speech.certain : speech.dead_ends);
    }
  }
  return std::size_t{speech.stateful} + speech.dead_ends;
}

void keep_edges(const Layout& layout, const Speech& speech, std::span<const DrawRange> ranges,
                SpeechPlan& plan) {
  std::size_t next = speech.begin;
  std::size_t next_dead_end = speech.begin + speech.stateful;
  const std::size_t first = layout.graph.listeners.offsets[speech.speaker];
  for (std::size_t edge = first; edge != first + speech.listeners; ++edge) {
    const Vertex listener = layout.graph.listeners.neighbors[edge];
    const SpeechEdge kept{layout.place[listener], listener, layout.probabilities[edge]};
    if (layout.rare(speech.speaker, kept.probability)) continue;
    if (kept.place == kDeadEnd && (!layout.counts(listener) || kept.probability >= 1.0F)) continue;
    const std::size_t at = kept.place != kDeadEnd ? next++ : next_dead_end++;
    plan.edges[at] = kept;
    if (!ranges.empty()) plan.ranges[at] = ranges[edge];
  }
}

// Lists one person's rare listeners.
void list_rare(const Layout& layout, const Speech& speech, std::vector<RareListener>& listeners) {
  listeners.clear();
  const std::size_t first = layout.graph.listeners.offsets[speech.speaker];
  for (std::size_t edge = first; edge != first + speech.listeners; ++edge) {
    const Vertex listener = layout.graph.listeners.neighbors[edge];
    if (!is_rare(layout.probabilities[edge])) continue;
    listeners.push_back({layout.place[listener], layout.probabilities[edge]});
  }
}

void keep_rare(const Layout& layout, SpeechPlan& plan) {
  std::vector<RareSpeech> blocks(blocks_of(plan.speeches.size(), kSpeechesPerBlock));
  for_each_block(plan.speeches.size(), kSpeechesPerBlock, [&](std::size_t begin, std::size_t end) {
    RareSpeech& block = blocks[begin / kSpeechesPerBlock];
    std::vector<RareListener> listeners;
    for (std::size_t i = begin; i != end; ++i) {
      Speech& speech = plan.speeches[i];
      if (layout.draws_rarely[speech.speaker] == 0) continue;
      list_rare(layout, speech, listeners);
      speech.rare_begin = static_cast<std::uint32_t>(block.chunks.size());
      block.append(listeners);
      speech.rare_chunks = static_cast<std::uint32_t>(block.chunks.size()) - speech.rare_begin;
    }
  });
  for (std::size_t i = 0; i != plan.speeches.size(); ++i) {
    if (i % kSpeechesPerBlock == 0 && i != 0) plan.rare.append(blocks[i / kSpeechesPerBlock - 1]);
    plan.speeches[i].rare_begin += static_cast<std::uint32_t>(plan.rare.chunks.size());
  }
  if (!blocks.empty()) plan.rare.append(blocks.back());
}

}  // namespace

SpeechPlan plan_speeches(const ListenGraph& graph, std::span<const float> probabilities,
                         std::span<const Vertex> seeds, VertexMask audience,
                         const SpeechPlanOptions& options) {
  SpeechPlan plan;
  const std::size_t n = graph.vertices();
  Layout layout{graph, probabilities, audience, std::vector<std::uint8_t>(n),
                std::vector<std::uint32_t>(n, kDeadEnd)};
  if (options.draw_rarely && options.ranges.empty()) find_rare(layout);
  place_people(layout, seeds, options.keep_dead_ends, plan);
  std::vector<std::size_t> begins(plan.speeches.size());
  for_each_block(begins.size(), kSpeechesPerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i != end; ++i) begins[i] = count_edges(layout, plan.speeches[i]);
  });
  plan.edges.resize(exclusive_scan(std::span(begins)));
  if (!options.ranges.empty()) plan.ranges.resize(plan.edges.size());
  for_each_block(begins.size(), kSpeechesPerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i != end; ++i) {
      plan.speeches[i].begin = begins[i];
      keep_edges(layout, plan.speeches[i], options.ranges, plan);
    }
  });
  keep_rare(layout, plan);
  return plan;
}

}  // namespace grapevine
