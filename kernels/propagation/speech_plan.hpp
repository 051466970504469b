#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/graph/vertex_mask.hpp"
#include "kernels/propagation/linear_threshold.hpp"
#include "kernels/propagation/rare_speech.hpp"

namespace grapevine {

/// An edge as a simulation walks along it.
struct SpeechEdge {
  std::uint32_t place = 0;  ///< Of the listener's state; none for a dead end.
  Vertex listener = 0;      ///< Who they are, for the coin.
  float probability = 0.0F;
};

/// What happens when a person speaks, in the order in which it is cheapest.
struct Speech {
  std::size_t begin = 0;  ///< Of this person's edges: first those that ask for a listener's state,
  std::uint32_t stateful = 0;   ///< so many, and then those that lead to
  std::uint32_t dead_ends = 0;  ///< dead ends of the audience.
  std::uint32_t certain =
      0;  ///< Dead ends of the audience that word reaches for certain: no edges.
  std::uint32_t listeners = 0;  ///< All, those that are left out included.
  Vertex speaker = 0;
  std::uint32_t rare_begin = 0;   ///< Of this person's chunks of rare listeners,
  std::uint32_t rare_chunks = 0;  ///< so many.
};

struct SpeechPlanOptions {
  bool keep_dead_ends = false;  ///< Keeps a state of everyone whom word can reach.
  bool draw_rarely = false;     ///< Draws listeners to whom word passes seldom together.
  /// Under linear threshold, parallel to graph.listeners.neighbors; then nobody is drawn rarely.
  std::span<const DrawRange> ranges = {};
};

/// The graph as a simulation needs it, and nothing more, because what it waits for is memory.
///
/// A *dead end* hears only one person, is heard by nobody and is no seed: whether word reaches it
/// changes nothing but a count, so no state is kept of it, and where word passes for certain not even an
/// edge. On the Higgs graph under weighted cascade two people in three are dead ends. The others
/// take places [0, places), those who are heard first.
struct SpeechPlan {
  std::vector<Speech> speeches;  ///< By place, of those who are heard.
  std::vector<SpeechEdge> edges;
  std::vector<DrawRange> ranges;           ///< Parallel to `edges` where given by the caller.
  std::vector<std::uint32_t> seed_places;  ///< Parallel to the seeds.
  std::vector<Vertex> people;              ///< By place.
  RareSpeech rare;
  std::size_t places = 0;

  [[nodiscard]] std::span<const RareChunk> rare_of(const Speech& speech) const {
    return {rare.chunks.data() + speech.rare_begin, speech.rare_chunks};
  }
};

/// Sorts every person's listeners by what a simulation has to do for them.
///
/// Shapes  probabilities: m, parallel to graph.listeners.neighbors. seeds: who is reached before
///         anyone speaks; someone named twice has one place. audience: who is counted.
/// Cost    O(n + m), at most 60 n + 28 m bytes; the same bits for any number of threads.
SpeechPlan plan_speeches(const ListenGraph& graph, std::span<const float> probabilities,
                         std::span<const Vertex> seeds, VertexMask audience,
                         const SpeechPlanOptions& options = {});

}  // namespace grapevine
