#include "api/sql/insert/backslashes.hpp"

#include <charconv>

namespace grapevine::sql {
namespace {

char meant_by(char letter) {
  switch (letter) {
    case 'a': return '\a';
    case 'b': return '\b';
    case 'e': return '\x1B';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    case '0': return '\0';
    default: return letter;
  }
}

}  // namespace

std::optional<std::string> without_backslashes(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      plain += text[i];
      continue;
    }
    if (++i == text.size()) return std::nullopt;
    if (text[i] != 'x') {
      plain += meant_by(text[i]);
      continue;
    }
    constexpr std::size_t kDigits = 2;
    const std::string_view digits = text.substr(i + 1, kDigits);
    unsigned number = 0;
    const char* end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, number, 16);
    if (digits.size() < kDigits || read.ec != std::errc() || read.ptr != end) return std::nullopt;
    plain += static_cast<char>(number);
    i += kDigits;
  }
  return plain;
}

}  // namespace grapevine::sql
