#pragma once

#include <string_view>

#include <absl/status/statusor.h>

#include "api/encode/json_writer.hpp"
#include "api/parse/json_value.hpp"

namespace grapevine {

/// Levels of objects and arrays that a body may have; beyond them it is refused.
inline constexpr int kJsonLevelsMax = 1000;

/// Reads a whole JSON text (RFC 8259).
///
/// Errors  Malformed (400): not JSON, invalid UTF-8, a number that no double holds, more than
///         `kJsonLevelsMax` levels, or something after the value. Names the byte, and the place in
///         the value by a pointer (RFC 6901).
/// Cost    About 3 ns a byte, a copy of every string.
absl::StatusOr<JsonValue> read_json(std::string_view text);

/// The same for a body that must be an object: anything else is Malformed too.
absl::StatusOr<JsonObject> read_json_object(std::string_view text);

/// Writes a value back.
void write_json(JsonWriter& json, const JsonValue& content);

}  // namespace grapevine
