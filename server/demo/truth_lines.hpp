#pragma once

#include <cstddef>

#include "api/encode/json_writer.hpp"
#include "server/demo/world.hpp"

namespace grapevine::demo {

/// How many lines tell what is true of the world but no customer would know: edges, bursts,
/// communities.
std::size_t truth_lines(const World& world);

/// Writes the `line`-th of them.
void write_truth_line(const World& world, std::size_t line, JsonWriter& json);

}  // namespace grapevine::demo
