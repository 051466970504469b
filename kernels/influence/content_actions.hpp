#pragma once

#include <vector>

#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/influence/action_log.hpp"
#include "kernels/parallel/stop.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Who of a graph's people took up what: posts that they wrote, shared, replied to or liked, and products
/// that they bought, shared or reviewed, not after `as_of`.
///
/// Contents  A post is known by the first content of its thread: a share of a share is about what was
///           shared first. Threads longer than 64 are cut there. Products are contents too.
/// Errors    Cancelled: `stop` was requested.
/// Cost      One read of the runs of these events, and of who wrote what; parallel over runs.
absl::StatusOr<std::vector<Action>> content_actions(const Snapshot& snapshot,
                                                    const ListenGraph& graph, TimeMs as_of,
                                                    const Stop& stop);

}  // namespace grapevine
