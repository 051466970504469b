#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/listen/speaker_lists.hpp"
#include "kernels/parallel/stop.hpp"

namespace grapevine {

/// Counts whom people reach: their listeners, everyone once. Immutable; any number of threads may
/// ask as long as the graph lives.
class ReachCounter {
 public:
  /// Cost: a bit and half a bit a customer; one pass over the graph's people.
  ReachCounter(const ListenGraph& graph, std::size_t customers);

  /// How many ties `reach` walks for these lists: the listeners of all in them, added up.
  [[nodiscard]] std::uint64_t ties(const SpeakerLists& lists) const;

  /// The number of different listeners of each list's people.
  /// Errors  Cancelled: `stop` was requested.
  /// Cost    O(ties(lists)), in parallel over lists; a bit a person of the graph and thread.
  [[nodiscard]] absl::StatusOr<std::vector<std::uint64_t>> reach(const SpeakerLists& lists,
                                                                 const Stop& stop) const;

 private:
  // The customer's vertex; vertices() for who is not in the graph.
  [[nodiscard]] Vertex vertex_of(CustomerId customer) const;

  const ListenGraph* graph_;
  std::vector<std::uint64_t> is_in_;   // A bit a customer.
  std::vector<std::uint32_t> before_;  // By word: how many people of the graph come before it.
};

}  // namespace grapevine
