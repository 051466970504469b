#pragma once

#include <cstdint>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/graph/vertex_mask.hpp"
#include "kernels/parallel/stop.hpp"

namespace grapevine {

/// Along which ties someone is connected to a member.
enum class TieDirection : std::uint8_t {
  InfluencedBy,  ///< They listen to the next one on the way.
  Influences,    ///< The next one listens to them.
  Either,
};

/// Who is at most `hops` ties away from a member other than themselves: a member of whom no other
/// member is near is not connected.
///
/// Shapes  Words of a mask, as `members`.
/// Errors  Cancelled: `stop` fired.
/// Cost    O(hops × (n + m)), 16 bytes a vertex; the same bits for any number of threads.
absl::StatusOr<std::vector<std::uint64_t>> connected_people(const ListenGraph& graph,
                                                            VertexMask members, int hops,
                                                            TieDirection direction,
                                                            const Stop& stop);

}  // namespace grapevine
