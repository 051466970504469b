#pragma once

#include <cstddef>
#include <span>

#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/parallel/stop.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// How the ties of a graph have changed.
struct ListenGraphUpdate {
  /// Whose ties are given anew, in increasing order; they need not have been in the graph.
  std::span<const CustomerId> people;
  /// All events in which one of `people` is the listener, self-directed ones included, old and new:
  /// any number of chunks in any order. Other events of theirs do not exist any more.
  std::span<const std::span<const SocialTie>> ties;
  std::size_t events = 0;       ///< Of the whole graph from now on: what it says of itself.
  std::size_t self_events = 0;  ///< Those of them that are self-directed.
};

/// Makes from an earlier graph the one that `build_listen_graph` would make of all ties as they are
/// now, with the same bits, by splicing: what is not listened to by one of `people` is copied.
///
/// That is so if, with the same half-life,
/// - every listener some event of whom came, went or changed is in `people`, and
/// - so is every influencer of an event that went, because only what such a person heard says
///   whether anything is left of them: whoever is in `people`, listens to nobody, not even to
///   themselves, and is heard by nobody leaves the graph; anybody else of the earlier graph stays.
///   Whoever only leaves events in place need not be named.
///
/// Shapes  New people may come anywhere in the order of CustomerIds; vertices shift accordingly.
/// Errors  Those of `build_listen_graph`. InvalidArgument: `people` not in increasing order, a tie
///         whose listener is not among them, or more self-directed events than events.
///         Cancelled: `stop` was requested.
/// Cost    A copy of the graph, one thread for each direction, and build_listen_graph of `ties`;
///         scratch 20 n + O(ties) bytes. The same bits for any number of threads.
absl::StatusOr<ListenGraph> update_listen_graph(const ListenGraph& earlier,
                                                const ListenGraphUpdate& update,
                                                const ListenGraphOptions& options,
                                                const Stop& stop);

}  // namespace grapevine
