#include "kernels/text/emoji_names.hpp"

#include <cstddef>
#include <cstring>

#include <absl/container/flat_hash_map.h>

#include "kernels/text/embedded.hpp"
#include "kernels/text/embedded_lines.hpp"
#include "kernels/text/utf8.hpp"

namespace grapevine {
namespace {

using EmojiNames = absl::flat_hash_map<char32_t, std::string_view>;

const EmojiNames& names() {
  static const EmojiNames all = [] {
    EmojiNames made;
    for_each_line(embedded_emoji(), [&](std::string_view emoji, std::string_view name) {
      made.emplace(code_point_at(emoji, 0).value, name);
    });
    return made;
  }();
  return all;
}

// The first byte from `at` on that is not ASCII; the size where there is none.
std::size_t find_beyond_ascii(std::string_view text, std::size_t at) {
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text.data() + at, 8);
    if ((bytes & 0x8080808080808080) != 0) break;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

}  // namespace

std::string_view emoji_name(char32_t code_point) {
  const auto found = names().find(code_point);
  return found == names().end() ? std::string_view() : found->second;
}

std::string_view spell_out_emoji(std::string_view text, std::pmr::string& scratch) {
  std::size_t copied = 0;
  for (std::size_t at = find_beyond_ascii(text, 0); at < text.size();
       at = find_beyond_ascii(text, at)) {
    const CodePoint point = code_point_at(text, at);
    const std::string_view name = emoji_name(point.value);
    if (!name.empty()) {
      scratch.append(text.substr(copied, at - copied));
      if (!scratch.empty() && scratch.back() != ' ') scratch += ' ';
      scratch.append(name);
      copied = at + point.bytes;
    }
    at += point.bytes;
  }
  if (copied == 0) return text;
  scratch.append(text.substr(copied));
  return scratch;
}

}  // namespace grapevine
