#pragma once

#include <optional>

#include "api/parse/definition.hpp"
#include "api/parse/object_reader.hpp"

namespace grapevine {

inline constexpr int kHopsMax = 3;

/// `influence` with one of `top`, `top_share`, `gte`, `between`. nullopt: something is missing or
/// not right.
std::optional<InfluenceCondition> read_influence(ObjectReader& reader);

/// The object of `connected_to`: `segment`, `hops` (1 where absent), `direction` (either).
std::optional<ConnectedCondition> read_connected(ObjectReader& reader);

}  // namespace grapevine
