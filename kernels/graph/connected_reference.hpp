#pragma once

#include <cstdint>
#include <vector>

#include "kernels/graph/connected.hpp"

namespace grapevine {

/// What `connected_people` must answer: a search from everybody, one at a time, until it meets a
/// member.
std::vector<std::uint64_t> connected_people_reference(const ListenGraph& graph, VertexMask members,
                                                      int hops, TieDirection direction);

}  // namespace grapevine
