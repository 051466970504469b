#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/propagation/live_edge_words.hpp"

namespace grapevine {

/// Sixty-four runs that walk together, step by step: who is reached in which. Not thread-safe:
/// scratch of one worker, used for one block of runs after the other.
class FusedRuns {
 public:
  explicit FusedRuns(std::size_t vertices) : states_(vertices) {}

  /// Begins a block of runs in which nobody is reached.
  void clear() {
    for (const Vertex v : touched_) states_[v] = {};
    touched_.clear();
    listed_.clear();
  }

  /// The runs that have reached someone.
  [[nodiscard]] std::uint64_t reached(Vertex v) const { return states_[v].reached; }
  /// Whom any run has reached, in the order of the first.
  [[nodiscard]] std::span<const Vertex> touched() const { return touched_; }

  /// Some runs reach someone, who will speak in them in the next step.
  void reach(Vertex v, std::uint64_t runs) {
    note(v, runs);
    speak(v, runs);
  }
  /// Some runs reach someone, who does not pass it on.
  void note(Vertex v, std::uint64_t runs) {
    State& state = states_[v];
    if (state.reached == 0) touched_.push_back(v);
    state.reached |= runs;
  }
  /// Lets someone speak in the next step.
  void speak(Vertex v, std::uint64_t runs) {
    State& state = states_[v];
    if (state.next == 0) listed_.push_back(v);
    state.next |= runs;
  }

  /// Lets those on the list speak, then those whom they reach, until nobody is left or `steps_max`
  /// steps are over (0: no end).
  ///
  /// `alive(influencer, edge, listener, runs)` says in which runs the edge is alive, of those in
  /// which its influencer speaks; `hear(listener, runs)` takes runs that reach a listener for the
  /// first time, and calls `reach` or `note`.
  template <typename Alive, typename Hear>
  void spread(const ListenGraph& graph, std::size_t steps_max, const Alive& alive,
              const Hear& hear);

 private:
  static constexpr std::size_t kEdgesAhead = 12;
  static constexpr std::size_t kSpeakersAhead = 8;

  // Side by side, so that a coin touches one cache line.
  struct State {
    std::uint64_t reached = 0;
    std::uint64_t next = 0;  // Runs in which they speak in the next step.
  };

  std::vector<State> states_;
  std::vector<Vertex> touched_;
  std::vector<Vertex> listed_;  // Who speaks in the next step.
  std::vector<std::pair<Vertex, std::uint64_t>> speakers_;
};

template <typename Alive, typename Hear>
void FusedRuns::spread(const ListenGraph& graph, std::size_t steps_max, const Alive& alive,
                       const Hear& hear) {
  const std::size_t* const offsets = graph.listeners.offsets.data();
  const Vertex* const listeners = graph.listeners.neighbors.data();
  for (std::size_t step = 0; !listed_.empty() && (steps_max == 0 || step != steps_max); ++step) {
    speakers_.clear();
    for (const Vertex v : listed_) {
      speakers_.emplace_back(v, std::exchange(states_[v].next, 0));
    }
    listed_.clear();
    for (std::size_t i = 0; i != speakers_.size(); ++i) {
      if (i + kSpeakersAhead < speakers_.size()) {
        __builtin_prefetch(listeners + offsets[speakers_[i + kSpeakersAhead].first]);
      }
      const auto [speaker, runs] = speakers_[i];
      const std::size_t end = offsets[speaker + 1];
      for (std::size_t edge = offsets[speaker]; edge != end; ++edge) {
        if (edge + kEdgesAhead < end) {
          __builtin_prefetch(&states_[listeners[edge + kEdgesAhead]], 1);
        }
        const Vertex listener = listeners[edge];
        const std::uint64_t newly = alive(speaker, edge, listener, runs) & ~reached(listener);
        if (newly != 0) hear(listener, newly);
      }
    }
  }
}

}  // namespace grapevine
