#pragma once

#include <optional>
#include <string>

#include <absl/status/statusor.h>

#include "api/parse/computed_definition.hpp"
#include "api/parse/json_value.hpp"
#include "api/parse/mistakes.hpp"

namespace grapevine {

/// `{definition, description?}` of a computed attribute that is to be stored. `mistakes` holds what
/// is wrong with it so far, so that what only the data can tell is reported together with it.
struct AttributeRequest {
  JsonValue text;  ///< The definition as it was sent.
  std::optional<ComputedDefinition> definition;
  std::string description;
  Mistakes mistakes;
};

/// Errors  Malformed: not a JSON object. TooLarge.
absl::StatusOr<AttributeRequest> parse_attribute_request(const std::string& body);

}  // namespace grapevine
