#pragma once

#include <cstddef>
#include <string>

#include <absl/status/statusor.h>

#include "api/parse/json_value.hpp"
#include "api/parse/object_reader.hpp"

namespace grapevine {

inline constexpr std::size_t kDefinitionBytesMax = 256u << 10;  ///< Of a body with a definition.
inline constexpr std::size_t kDescriptionBytesMax = 4096;

/// A body with a definition in it. Errors  Malformed: not a JSON object. TooLarge.
absl::StatusOr<JsonObject> read_definition_body(const std::string& body);

/// Its member `description`, if any.
std::string take_description(ObjectReader& reader);

}  // namespace grapevine
