#include "kernels/query/functions/utf8.hpp"

#include <utf8proc.h>

namespace grapevine::sql {
namespace {

template <typename Map>
void map_code_points(std::string_view text, std::string& result, Map map) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t bytes = well_formed_prefix(text.substr(at));
    if (bytes == 0) {
      result += text[at++];
      continue;
    }
    utf8proc_int32_t code = 0;
    utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at),
                     static_cast<utf8proc_ssize_t>(bytes), &code);
    map(code, result);
    at += bytes;
  }
}

void append(utf8proc_int32_t code, std::string& result) {
  utf8proc_uint8_t bytes[4];
  const utf8proc_ssize_t count = utf8proc_encode_char(code, bytes);
  result.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(count));
}

}  // namespace

std::size_t code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char byte : text) count += is_continuation(byte) ? 0 : 1;
  return count;
}

std::size_t offset_of_code_point(std::string_view text, std::size_t index) {
  std::size_t at = 0;
  while (at < text.size() && is_continuation(text[at])) ++at;
  for (; at < text.size() && index > 0; --index) {
    ++at;
    while (at < text.size() && is_continuation(text[at])) ++at;
  }
  return index == 0 && code_points(text) == 0 ? text.size() : at;
}

std::size_t well_formed_prefix(std::string_view text) {
  if (text.empty()) return 0;
  if (static_cast<unsigned char>(text[0]) < 0x80) return 1;
  utf8proc_int32_t code = 0;
  const auto size = static_cast<utf8proc_ssize_t>(text.size() < 4 ? text.size() : 4);
  const utf8proc_ssize_t bytes =
      utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), size, &code);
  return bytes > 0 ? static_cast<std::size_t>(bytes) : 0;
}

bool is_well_formed(std::string_view text) {
  while (!text.empty()) {
    const std::size_t bytes = well_formed_prefix(text);
    if (bytes == 0) return false;
    text.remove_prefix(bytes);
  }
  return true;
}

void write_lower_utf8(std::string_view text, std::string& result) {
  map_code_points(text, result, [](utf8proc_int32_t code, std::string& to) {
    append(utf8proc_tolower(code), to);
  });
}

void write_upper_utf8(std::string_view text, std::string& result) {
  map_code_points(text, result, [](utf8proc_int32_t code, std::string& to) {
    if (code == 0xDF) {
      to += "SS";  // The sharp s has no capital of its own in the usual mapping.
    } else {
      append(utf8proc_toupper(code), to);
    }
  });
}

}  // namespace grapevine::sql
