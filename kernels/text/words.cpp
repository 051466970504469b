#include "kernels/text/words.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>

#include <utf8proc.h>

#include "kernels/text/links.hpp"
#include "kernels/text/scripts.hpp"
#include "kernels/text/utf8.hpp"

namespace grapevine {
namespace {

// What a code point is to a word.
enum class Script : std::uint8_t { None, Space, Latin, Digit, Hangul, Jamo, Other };

constexpr std::array<Script, 128> kAscii = [] {
  std::array<Script, 128> scripts{};
  for (char c = 'a'; c <= 'z'; ++c) scripts[static_cast<unsigned char>(c)] = Script::Latin;
  for (char c = 'A'; c <= 'Z'; ++c) scripts[static_cast<unsigned char>(c)] = Script::Latin;
  for (char c = '0'; c <= '9'; ++c) scripts[static_cast<unsigned char>(c)] = Script::Digit;
  for (const char c : {' ', '\t', '\n', '\r', '\v', '\f'}) {
    scripts[static_cast<unsigned char>(c)] = Script::Space;
  }
  return scripts;
}();

Script script_beyond_ascii(char32_t c) {
  if (c >= 0xAC00 && c <= 0xD7A3) return Script::Hangul;
  if (is_hangul(c)) return Script::Jamo;
  if (is_accented_latin(c)) return Script::Latin;
  if (c == 0xA0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200B)) return Script::Space;
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC: return Script::Other;
    default: return Script::None;
  }
}

// The script of what begins at `at`, and how many bytes it takes.
struct Symbol {
  Script script;
  CodePoint point;
};

Symbol symbol_at(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80) return {kAscii[byte], {byte, 1}};
  const CodePoint point = code_point_at(text, at);
  if (point.value == kReplacement) return {Script::None, point};
  return {script_beyond_ascii(point.value), point};
}

void append_small(std::string_view bytes, const Symbol& symbol, std::string& word) {
  if (symbol.point.value < 0x80) {
    const char c = bytes.front();
    word += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    return;
  }
  if (symbol.script == Script::Hangul) {
    word += bytes;
    return;
  }
  std::array<utf8proc_uint8_t, 4> encoded;
  const auto small = utf8proc_tolower(static_cast<utf8proc_int32_t>(symbol.point.value));
  const auto size = utf8proc_encode_char(small, encoded.data());
  for (utf8proc_ssize_t i = 0; i < size; ++i) {
    word += static_cast<char>(encoded[static_cast<std::size_t>(i)]);
  }
}

// Bytes of an apostrophe at `at`; 0: there is none.
std::size_t apostrophe_at(std::string_view text, std::size_t at) {
  if (text[at] == '\'') return 1;
  return text.substr(at).starts_with("\u2019") ? 3 : 0;
}

bool is_letter(const Symbol& symbol) {
  return symbol.script == Script::Latin || symbol.script == Script::Hangul ||
         symbol.script == Script::Other;
}

}  // namespace

std::string_view WordSplitter::prepare(std::string_view text) {
  at_token_ = true;
  // Conjoining jamo begin with these two bytes: U+1100 to U+11FF.
  bool has_jamo = false;
  for (std::size_t at = text.find('\xE1'); at != text.npos && !has_jamo;
       at = text.find('\xE1', at + 1)) {
    const unsigned char next = at + 1 < text.size() ? static_cast<unsigned char>(text[at + 1]) : 0;
    has_jamo = next >= 0x84 && next <= 0x87;
  }
  if (!has_jamo) return text;
  utf8proc_uint8_t* made = nullptr;
  const auto size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                   static_cast<utf8proc_ssize_t>(text.size()), &made,
                   static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE));
  if (size < 0) return text;  // No UTF-8: bytes that are none are between words.
  composed_.assign(reinterpret_cast<const char*>(made), static_cast<std::size_t>(size));
  std::free(made);
  return composed_;
}

bool WordSplitter::next(std::string_view& text, Piece& piece) {
  piece = {};
  while (!text.empty()) {
    if (at_token_) {
      if (const std::size_t end = end_of_link(text, 0); end != 0) {
        text.remove_prefix(end);
        piece.after_gap = true;
        at_token_ = false;
        continue;
      }
    }
    const Symbol symbol = symbol_at(text, 0);
    if (symbol.script == Script::Space) {
      text.remove_prefix(symbol.point.bytes);
      at_token_ = true;
      continue;
    }
    if (symbol.script == Script::None || symbol.script == Script::Jamo) {
      text.remove_prefix(symbol.point.bytes);
      piece.after_gap = true;
      // A bracket or a quote may stand before a link.
      at_token_ = symbol.point.value == '(' || symbol.point.value == '"';
      continue;
    }
    piece.is_word = take_word(text);
    at_token_ = false;
    if (piece.is_word) return true;
    piece.after_gap = true;
  }
  return piece.after_gap;
}

bool WordSplitter::take_word(std::string_view& text) {
  word_.clear();
  bool has_letter = false;
  Script script = symbol_at(text, 0).script;
  if (script == Script::Digit) script = Script::Latin;
  std::size_t at = 0;
  while (at < text.size()) {
    const Symbol symbol = symbol_at(text, at);
    const bool is_same =
        symbol.script == script || (script == Script::Latin && symbol.script == Script::Digit);
    if (is_same) {
      has_letter |= is_letter(symbol);
      if (word_.size() <= kBytesMax) {
        append_small(text.substr(at, symbol.point.bytes), symbol, word_);
      }
      at += symbol.point.bytes;
      continue;
    }
    const std::size_t mark = script == Script::Latin ? apostrophe_at(text, at) : 0;
    const bool goes_on = mark != 0 && at != 0 && at + mark < text.size() &&
                         symbol_at(text, at + mark).script == Script::Latin;
    if (!goes_on) break;
    word_ += '\'';
    at += mark;
  }
  text.remove_prefix(at);
  return has_letter && word_.size() <= kBytesMax;
}

}  // namespace grapevine
