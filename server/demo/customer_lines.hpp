#pragma once

#include <cstdint>

#include "api/encode/json_writer.hpp"
#include "server/demo/world.hpp"

namespace grapevine::demo {

/// Writes a customer as a line in the format of /v1/identify; a newcomer's also carries the
/// anonymous id of the visits before.
void write_customer(const World& world, std::uint32_t customer, JsonWriter& json);

}  // namespace grapevine::demo
