#include "api/encode/formats/string_text.hpp"

#include <array>
#include <cstdint>

namespace grapevine::sql {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// What stands behind the backslash for each byte; 0: the byte stands for itself.
using Escapes = std::array<char, 256>;

constexpr Escapes kBackslashed = [] {
  Escapes escapes{};
  escapes['\0'] = '0';
  escapes['\b'] = 'b';
  escapes['\f'] = 'f';
  escapes['\n'] = 'n';
  escapes['\r'] = 'r';
  escapes['\t'] = 't';
  escapes['\''] = '\'';
  escapes['\\'] = '\\';
  return escapes;
}();

// 'u': by its number. The first byte of U+2028 is looked at, too: see append_json.
constexpr char kLineSeparator = 'L';
constexpr Escapes json_escapes(bool slashes) {
  Escapes escapes{};
  for (std::size_t i = 0; i < 0x20; ++i) escapes[i] = 'u';
  escapes['\b'] = 'b';
  escapes['\f'] = 'f';
  escapes['\n'] = 'n';
  escapes['\r'] = 'r';
  escapes['\t'] = 't';
  escapes['"'] = '"';
  escapes['\\'] = '\\';
  if (slashes) escapes['/'] = '/';
  escapes[0xE2] = kLineSeparator;
  return escapes;
}
constexpr Escapes kJson = json_escapes(false);
constexpr Escapes kJsonSlashes = json_escapes(true);

char escape_of(const Escapes& escapes, char byte) {
  return escapes[static_cast<unsigned char>(byte)];
}

// Copies what needs no escape, and says where it stopped.
const char* copy_plain(char*& to, const char* from, const char* end, const Escapes& escapes) {
  while (from != end && escape_of(escapes, *from) == 0) *to++ = *from++;
  return from;
}

char* copy_backslashed(char* to, std::string_view text) {
  const char* end = text.data() + text.size();
  for (const char* from = text.data();;) {
    from = copy_plain(to, from, end, kBackslashed);
    if (from == end) return to;
    *to++ = '\\';
    *to++ = escape_of(kBackslashed, *from++);
  }
}

// Bytes of the UTF-8 sequence that begins there; 0: it is none.
std::size_t sequence_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t size = first < 0xC2   ? 0
                           : first < 0xE0 ? 2
                           : first < 0xF0 ? 3
                           : first < 0xF5 ? 4
                                          : 0;
  if (size == 0 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  if (first == 0xE0 && byte(1) < 0xA0) return 0;
  if (first == 0xED && byte(1) > 0x9F) return 0;  // Surrogates.
  if (first == 0xF0 && byte(1) < 0x90) return 0;
  if (first == 0xF4 && byte(1) > 0x8F) return 0;
  return size;
}

bool is_valid_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = sequence_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

}  // namespace

std::string valid_utf8(std::string_view text) {
  std::string valid;
  bool replaced = false;
  while (!text.empty()) {
    const std::size_t size = sequence_size(text);
    if (size != 0) {
      valid.append(text.substr(0, size));
    } else if (!replaced) {
      valid.append(kReplacement);
    }
    replaced = size == 0;
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return valid;
}

void append_escaped(ByteBuffer& out, std::string_view text) {
  out.advance_to(copy_backslashed(out.reserve(2 * text.size()), text));
}

void append_quoted(ByteBuffer& out, std::string_view text) {
  char* to = out.reserve(2 * text.size() + 2);
  *to++ = '\'';
  to = copy_backslashed(to, text);
  *to++ = '\'';
  out.advance_to(to);
}

void append_csv(ByteBuffer& out, std::string_view text) {
  char* to = out.reserve(2 * text.size() + 2);
  *to++ = '"';
  for (const char byte : text) {
    *to++ = byte;
    if (byte == '"') *to++ = byte;
  }
  *to++ = '"';
  out.advance_to(to);
}

void append_json(ByteBuffer& out, std::string_view text, JsonStringStyle style) {
  if (style.valid_utf8 && !is_valid_utf8(text)) {
    style.valid_utf8 = false;
    return append_json(out, valid_utf8(text), style);
  }
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const Escapes& escapes = style.escape_slashes ? kJsonSlashes : kJson;
  char* to = out.reserve(6 * text.size() + 2);
  *to++ = '"';
  const char* end = text.data() + text.size();
  for (const char* from = text.data();;) {
    from = copy_plain(to, from, end, escapes);
    if (from == end) break;
    const char escape = escape_of(escapes, *from);
    if (escape == kLineSeparator) {  // U+2028 and U+2029 end lines in JavaScript.
      if (end - from >= 3 && from[1] == '\x80' && (from[2] == '\xA8' || from[2] == '\xA9')) {
        std::memcpy(to, from[2] == '\xA8' ? "\\u2028" : "\\u2029", 6);
        to += 6;
        from += 3;
      } else {
        *to++ = *from++;
      }
      continue;
    }
    *to++ = '\\';
    *to++ = escape;
    if (escape == 'u') {
      const auto byte = static_cast<unsigned char>(*from);
      *to++ = '0';
      *to++ = '0';
      *to++ = kDigits[byte >> 4];
      *to++ = kDigits[byte & 15];
    }
    ++from;
  }
  *to++ = '"';
  out.advance_to(to);
}

}  // namespace grapevine::sql
