#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/influence/action_log.hpp"

namespace grapevine {

/// An influencer had acted on a content when the listener did.
struct Exposure {
  std::uint32_t action = 0;      ///< Of the listener's, counted from their first.
  std::uint32_t influencer = 0;  ///< Of the listener's, counted from the first.
  double delay_ms = 0.0;         ///< At least 1: from the influencer's action to the listener's.
};

/// The actions of a log on the contents below an end. The log must outlive it.
struct ActionsBelow {
  /// Cost: O(n log a).
  ActionsBelow(const ActionLog& actions, std::uint32_t content_end);

  const ActionLog& log;
  std::vector<std::size_t> ends;  ///< By person: where their actions end; they begin at the log's.
  std::size_t contents = 0;
  std::size_t actions = 0;
};

/// All that actions say of the edges into one listener. Memory is kept from one to the next.
class ListenerExposures {
 public:
  /// Cost: for each influencer a look at all their actions, or a search for each of the listener's
  /// in them, whichever is less; 5 bytes a content once.
  void find(const ListenGraph& graph, const ActionsBelow& below, Vertex listener);

  /// How many actions the listener has.
  [[nodiscard]] std::size_t actions() const { return offsets_.size() - 1; }
  /// By influencer.
  [[nodiscard]] std::span<const std::uint64_t> trials() const { return trials_; }
  /// By action, and then by influencer.
  [[nodiscard]] std::span<const Exposure> all() const { return exposures_; }
  [[nodiscard]] std::span<const Exposure> of(std::size_t action) const {
    return all().subspan(offsets_[action], offsets_[action + 1] - offsets_[action]);
  }

 private:
  std::vector<std::uint64_t> acted_on_;   // A bit a content: the listener's.
  std::vector<std::uint32_t> action_on_;  // By content: which action that is.
  // An action of the listener and one of an influencer on the same content.
  struct Both {
    std::uint32_t action;
    std::uint32_t influencer;
    const TimeMs* their_time;
  };
  std::vector<Both> both_;
  std::vector<Exposure> by_influencer_;
  std::vector<std::uint64_t> trials_;
  std::vector<Exposure> exposures_;
  std::vector<std::size_t> offsets_{0};
};

}  // namespace grapevine
