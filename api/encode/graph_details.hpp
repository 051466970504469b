#pragma once

#include <cstdint>

#include "api/encode/json_writer.hpp"
#include "api/live/social_graph.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// Ends an answer about the graph: how large it is, the snapshot that it is of, `as_of` and `snapshot`.
void end_graph_answer(JsonWriter& json, const SocialGraph& graph, TimeMs as_of,
                      std::uint64_t snapshot);

}  // namespace grapevine
