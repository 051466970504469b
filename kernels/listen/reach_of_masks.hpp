#pragma once

#include <cstdint>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/listen/speaker_masks.hpp"
#include "kernels/parallel/stop.hpp"

namespace grapevine {

/// The number of different listeners of the people of each list: all lists at once.
///
/// Shapes  masks: of each of the graph's people.
/// Errors  Cancelled: `stop` was requested.
/// Cost    One pass over people and edges of the graph for each 32 lists; where few ties are to be
///         walked that of ReachCounter::reach. 4 bytes a person.
absl::StatusOr<std::vector<std::uint64_t>> reach_of_masks(const ListenGraph& graph,
                                                          const SpeakerMasks& masks,
                                                          const Stop& stop);

}  // namespace grapevine
