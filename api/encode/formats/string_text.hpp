#pragma once

#include <string>
#include <string_view>

#include "api/encode/formats/byte_buffer.hpp"

namespace grapevine::sql {

/// With backslashes for control characters, quotes and backslashes: what TabSeparated has.
void append_escaped(ByteBuffer& out, std::string_view text);
/// The same in single quotes.
void append_quoted(ByteBuffer& out, std::string_view text);
/// In double quotes, which are doubled inside.
void append_csv(ByteBuffer& out, std::string_view text);

struct JsonStringStyle {
  bool escape_slashes = true;
  bool valid_utf8 = false;  ///< Invalid bytes become U+FFFD, one for all that stand together.
};
/// In double quotes.
void append_json(ByteBuffer& out, std::string_view text, JsonStringStyle style);

/// The text with U+FFFD for invalid bytes, one for all that stand together.
std::string valid_utf8(std::string_view text);

}  // namespace grapevine::sql
