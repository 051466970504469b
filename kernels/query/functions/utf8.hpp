#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace grapevine::sql {

constexpr bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

/// Code points, counted by the bytes that begin one: also of what is no UTF-8.
std::size_t code_points(std::string_view text);
/// Where code point `index` begins; the end where there are fewer.
std::size_t offset_of_code_point(std::string_view text, std::size_t index);

/// Bytes of the well-formed code point that a text begins with; 0: it begins with none.
std::size_t well_formed_prefix(std::string_view text);
bool is_well_formed(std::string_view text);

/// Adds the text in small or capital letters. What is no UTF-8 stays as it is.
void write_lower_utf8(std::string_view text, std::string& result);
void write_upper_utf8(std::string_view text, std::string& result);

}  // namespace grapevine::sql
