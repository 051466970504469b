#include "api/cloudevents/html_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <system_error>
#include <utility>

namespace grapevine {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::string_view kSpace = " \t\r\n";
constexpr std::size_t kReferenceBytesMax = 12;  // "&#x10FFFF;" and some zeros.

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

// The length of the tag or comment at the front, kNone where it does not end; 0: there is none.
std::size_t tag_length(std::string_view text) {
  if (text.size() < 2) return 0;
  if (text.starts_with("<!--")) {
    const std::size_t end = text.find("-->", 4);
    return end == kNone ? kNone : end + 3;
  }
  const char next = text[1];
  if (!is_letter(next) && next != '/' && next != '!') return 0;
  char quote = 0;  // Inside a value that a > may stand in.
  for (std::size_t i = 2; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return i + 1;
    }
  }
  return kNone;
}

bool breaks_line(std::string_view tag) {
  std::string name;
  for (std::size_t i = tag[1] == '/' ? 2 : 1; i < tag.size() && is_letter(tag[i]); ++i) {
    name += lower(tag[i]);
  }
  if (name == "br") return true;
  constexpr std::array<std::string_view, 4> kBlocks{"p", "div", "li", "blockquote"};
  return tag[1] == '/' && std::find(kBlocks.begin(), kBlocks.end(), name) != kBlocks.end();
}

void append_utf8(std::uint32_t point, std::string& text) {
  const auto add = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (point < 0x80) {
    add(point);
  } else if (point < 0x800) {
    add(0xC0 | (point >> 6));
    add(0x80 | (point & 0x3F));
  } else if (point < 0x1'0000) {
    add(0xE0 | (point >> 12));
    add(0x80 | ((point >> 6) & 0x3F));
    add(0x80 | (point & 0x3F));
  } else {
    add(0xF0 | (point >> 18));
    add(0x80 | ((point >> 12) & 0x3F));
    add(0x80 | ((point >> 6) & 0x3F));
    add(0x80 | (point & 0x3F));
  }
}

// The character of "#65", "#x41" or "amp".
std::optional<std::uint32_t> character_of(std::string_view reference) {
  constexpr std::array<std::pair<std::string_view, std::uint32_t>, 6> kNamed{
      {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}, {"nbsp", ' '}}};
  if (!reference.starts_with('#')) {
    const auto named = std::find_if(kNamed.begin(), kNamed.end(),
                                    [&](const auto& entry) { return entry.first == reference; });
    return named == kNamed.end() ? std::nullopt : std::optional(named->second);
  }
  reference.remove_prefix(1);
  const bool is_hex = reference.starts_with('x') || reference.starts_with('X');
  if (is_hex) reference.remove_prefix(1);
  std::uint32_t point = 0;
  const char* const end = reference.data() + reference.size();
  const auto read = std::from_chars(reference.data(), end, point, is_hex ? 16 : 10);
  const bool is_surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (read.ec != std::errc() || read.ptr != end || point == 0 || point > 0x10FFFF || is_surrogate) {
    return std::nullopt;
  }
  return point;
}

// Appends the character that is referred to at the front; returns the reference's length, 0: none.
std::size_t take_reference(std::string_view text, std::string& plain) {
  const std::size_t end = text.substr(0, kReferenceBytesMax).find(';');
  if (end == kNone) return 0;
  const auto point = character_of(text.substr(1, end - 1));
  if (!point) return 0;
  append_utf8(*point, plain);
  return end + 1;
}

}  // namespace

std::string html_to_text(std::string_view html) {
  std::string plain;
  plain.reserve(html.size());
  while (!html.empty()) {
    std::size_t length = 0;
    if (html.front() == '<') {
      length = tag_length(html);
      if (length == kNone) {  // Then it was none, and to look at every < behind it takes too long.
        plain.append(html);
        break;
      }
      if (length > 0 && breaks_line(html.substr(0, length))) plain += '\n';
    } else if (html.front() == '&') {
      length = take_reference(html, plain);
    }
    if (length == 0) {
      const std::size_t next = std::min(html.find_first_of("<&", 1), html.size());
      plain.append(html.substr(0, next));
      length = next;
    }
    html.remove_prefix(length);
  }
  const std::size_t begin = plain.find_first_not_of(kSpace);
  if (begin == std::string::npos) return {};
  return plain.substr(begin, plain.find_last_not_of(kSpace) + 1 - begin);
}

}  // namespace grapevine
