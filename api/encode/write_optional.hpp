#pragma once

#include <optional>
#include <string_view>

#include "api/encode/json_writer.hpp"

namespace grapevine {

/// Writes a member that may be null.
template <typename Value>
void write_optional(JsonWriter& json, std::string_view name, const std::optional<Value>& value) {
  json.key(name);
  value ? json.value(*value) : json.null();
}

}  // namespace grapevine
