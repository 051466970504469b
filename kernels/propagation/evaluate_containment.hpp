#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/propagation/contain.hpp"
#include "kernels/propagation/outbreak.hpp"

namespace grapevine {

/// What the chosen prevent, in runs of their own: fills the figures of a Containment.
/// Cost    One simulation, whatever the number of the chosen: each run begins with all of them
///         blocked and then lets one after the other, the last first, pass on what has come to
///         them.
Containment evaluate_containment(const Outbreak& outbreak, std::span<const Vertex> chosen,
                                 std::size_t evaluations, std::uint64_t random_seed,
                                 const Stop& stop);

}  // namespace grapevine
