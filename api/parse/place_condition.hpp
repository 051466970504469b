#pragma once

#include <optional>

#include "api/parse/definition.hpp"
#include "api/parse/object_reader.hpp"

namespace grapevine {

/// Half of the earth's circumference: everyone is within.
inline constexpr double kRadiusMaxKm = 20'038.0;

/// The object of `near`, and that of `in_box`. nullopt: a member is missing or not right.
std::optional<NearCondition> read_near(ObjectReader& reader);
std::optional<BoxCondition> read_box(ObjectReader& reader);

}  // namespace grapevine
