#include <absl/strings/ascii.h>

#include "api/sql/parse/lexer.hpp"

namespace grapevine::sql {
namespace {

int hex_digit(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  const char lower = absl::ascii_tolower(static_cast<unsigned char>(letter));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// What a backslash and the letter after it stand for; '\0' with `known` unset: for both of them.
char escaped(char letter, bool& known) {
  known = true;
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
    case '\\':
    case '\'':
    case '"':
    case '`':
    case '/':
    case '=': return letter;
    default: known = false; return '\0';
  }
}

void add_escape(std::string& text, std::string_view body, std::size_t& at) {
  const char letter = body[++at];
  if (letter == 'N') return;  // NULL, which a literal is not.
  if (letter == 'x' && at + 2 < body.size() && hex_digit(body[at + 1]) >= 0 &&
      hex_digit(body[at + 2]) >= 0) {
    text += static_cast<char>(hex_digit(body[at + 1]) * 16 + hex_digit(body[at + 2]));
    at += 2;
    return;
  }
  bool known = false;
  const char meant = escaped(letter, known);
  if (!known) text += '\\';  // '\%' stays, for LIKE.
  text += known ? meant : letter;
}

// 'x' of `bits` bits a digit: full bytes, the first one filled up with zeros.
std::string from_digits(std::string_view digits, unsigned bits) {
  const unsigned per_byte = 8 / bits;
  std::string text;
  unsigned value = 0;
  std::size_t left = digits.size();
  for (const char digit : digits) {
    const int number = hex_digit(digit);
    if (number < 0 || number >= 1 << bits) return {};
    value = value << bits | static_cast<unsigned>(number);
    if (--left % per_byte != 0) continue;
    text += static_cast<char>(value);
    value = 0;
  }
  return text;
}

}  // namespace

std::string unquoted(std::string_view token) {
  if (token.empty()) return {};
  if (token[0] == '$') {
    const std::size_t mark = token.find('$', 1) + 1;
    return std::string(token.substr(mark, token.size() - 2 * mark));
  }
  if (token[0] != '\'' && token[0] != '"' && token[0] != '`') {
    const std::string_view digits = token.substr(2, token.size() - 3);
    return from_digits(digits,
                       absl::ascii_tolower(static_cast<unsigned char>(token[0])) == 'x' ? 4 : 1);
  }
  const std::string_view body = token.substr(1, token.size() - 2);
  std::string text;
  text.reserve(body.size());
  for (std::size_t at = 0; at < body.size(); ++at) {
    if (body[at] == '\\' && at + 1 < body.size()) {
      add_escape(text, body, at);
    } else {
      text += body[at];
      if (body[at] == token[0]) ++at;  // Doubled.
    }
  }
  return text;
}

namespace {

std::string in_quotes(std::string_view text, char quote) {
  std::string all(1, quote);
  for (const char letter : text) {
    switch (letter) {
      case '\b': all += "\\b"; break;
      case '\f': all += "\\f"; break;
      case '\n': all += "\\n"; break;
      case '\r': all += "\\r"; break;
      case '\t': all += "\\t"; break;
      case '\0': all += "\\0"; break;
      case '\\': all += "\\\\"; break;
      default:
        if (letter == quote) all += '\\';
        all += letter;
    }
  }
  all += quote;
  return all;
}

}  // namespace

std::string quoted_literal(std::string_view text) { return in_quotes(text, '\''); }

std::string quoted_name(std::string_view name) {
  bool bare = !name.empty() && !(name[0] >= '0' && name[0] <= '9');
  for (const char letter : name) {
    bare = bare && (absl::ascii_isalnum(static_cast<unsigned char>(letter)) || letter == '_');
  }
  return bare ? std::string(name) : in_quotes(name, '`');
}

}  // namespace grapevine::sql
