#include "api/sql/parse/lexer.hpp"

#include <array>

#include <absl/strings/ascii.h>

namespace grapevine::sql {
namespace {

bool is_word_char(char letter) {
  return absl::ascii_isalnum(static_cast<unsigned char>(letter)) || letter == '_';
}
bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
bool is_hex(char letter) { return absl::ascii_isxdigit(static_cast<unsigned char>(letter)); }
bool is_binary(char letter) { return letter == '0' || letter == '1'; }

// Spaces beyond ASCII that editors and documents bring along; 0: none stands there.
std::size_t wide_space(std::string_view rest) {
  if (rest.starts_with("\xC2\xA0") || rest.starts_with("\xC2\x85")) return 2;
  if (rest.starts_with("\xE3\x80\x80") || rest.starts_with("\xEF\xBB\xBF")) return 3;
  if (rest.size() < 3 || !rest.starts_with("\xE2\x80")) return 0;
  const auto last = static_cast<unsigned char>(rest[2]);
  return (last >= 0x80 && last <= 0x8B) || last == 0xA8 || last == 0xA9 || last == 0xAF ? 3 : 0;
}

// Digits from `at`, and underscores between two of them.
template <typename IsDigit>
std::size_t skip_digits(std::string_view text, std::size_t at, IsDigit is) {
  while (at < text.size()) {
    const bool between =
        text[at] == '_' && at > 0 && is(text[at - 1]) && at + 1 < text.size() && is(text[at + 1]);
    if (!is(text[at]) && !between) break;
    ++at;
  }
  return at;
}

}  // namespace

Token Lexer::made(TokenKind kind, std::size_t end) {
  if (end > bytes_max_) return refused("The query is too long");
  Token token{kind, static_cast<std::uint32_t>(at_), text_.substr(at_, end - at_), nullptr};
  at_ = end;
  return token;
}

Token Lexer::refused(const char* error) const {
  return {TokenKind::Error, static_cast<std::uint32_t>(at_), text_.substr(at_), error};
}

Token Lexer::next() {
  if (last_.kind != TokenKind::Error) last_ = cut();
  return last_;
}

Token Lexer::cut() {
  if (!skip_spaces()) return refused("Multiline comment is not closed");
  if (at_ > bytes_max_) return refused("The query is too long");
  if (at_ >= text_.size()) return {TokenKind::End, static_cast<std::uint32_t>(at_), {}, nullptr};
  const char first = text_[at_];
  if (is_digit(first) || (first == '.' && dot_begins_number())) return number();
  const char second = at(at_ + 1);
  if (second == '\'' && (first == 'x' || first == 'X' || first == 'b' || first == 'B')) {
    return digits_text(first == 'x' || first == 'X' ? is_hex : is_binary);
  }
  if (is_word_char(first)) return word();
  switch (first) {
    case '\'': return quoted(first, TokenKind::Text, at_ + 1, "Single quoted string is not closed");
    case '"':
      return quoted(first, TokenKind::QuotedName, at_ + 1, "Double quoted string is not closed");
    case '`':
      return quoted(first, TokenKind::QuotedName, at_ + 1, "Back quoted string is not closed");
    case '$': return heredoc();
    default: return symbol();
  }
}

// `a.1` and `(1, 2).1` are elements, `.5` is a number.
bool Lexer::dot_begins_number() const {
  if (!is_digit(at(at_ + 1))) return false;
  switch (last_.kind) {
    case TokenKind::Word:
    case TokenKind::QuotedName:
    case TokenKind::Number: return false;
    case TokenKind::Symbol: return last_.text != ")" && last_.text != "]";
    default: return true;
  }
}

bool Lexer::skip_spaces() {
  for (;;) {
    const std::size_t before = at_;
    while (at_ < text_.size() && absl::ascii_isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    at_ += wide_space(text_.substr(at_));
    if (!skip_comment()) return false;
    if (at_ == before) return true;
  }
}

bool Lexer::skip_comment() {
  const char first = at(at_);
  const char second = at(at_ + 1);
  if (first == '/' && second == '*') {
    return skip_long_comment();
  } else if ((first == '-' && second == '-') ||
             (first == '#' && (second == ' ' || second == '!'))) {
    const std::size_t end = text_.find('\n', at_);
    at_ = end == std::string_view::npos ? text_.size() : end;
  }
  return true;
}

// Comments nest.
bool Lexer::skip_long_comment() {
  std::size_t open = 0;
  std::size_t end = at_;
  do {
    const char first = at(end);
    if (end + 1 >= text_.size()) return false;
    if (first == '/' && at(end + 1) == '*') {
      ++open;
      ++end;
    } else if (first == '*' && at(end + 1) == '/') {
      --open;
      ++end;
    }
    ++end;
  } while (open > 0);
  at_ = end;
  return true;
}

Token Lexer::number() {
  // After a dot stands an element: t.1.2 has no 1.2 in it.
  if (last_.kind == TokenKind::Symbol && last_.text == "." && last_.end() == at_) {
    const std::size_t digits = skip_digits(text_, at_, is_digit);
    if (!is_word_char(at(digits))) return made(TokenKind::Number, digits);
    return word();
  }
  const char mark = absl::ascii_tolower(static_cast<unsigned char>(at(at_ + 1)));
  std::size_t end = at_;
  if (text_[at_] == '0' && mark == 'x' && is_hex(at(at_ + 2))) {
    end = skip_digits(text_, at_ + 2, is_hex);
    if (at(end) == '.' && is_hex(at(end + 1))) end = skip_digits(text_, end + 1, is_hex);
    if (at(end) == 'p' || at(end) == 'P') {
      std::size_t digits = end + 1;
      if (at(digits) == '-' || at(digits) == '+') ++digits;
      if (!is_digit(at(digits))) return refused("Wrong number");
      end = skip_digits(text_, digits, is_digit);
    }
  } else if (text_[at_] == '0' && mark == 'b' && is_binary(at(at_ + 2))) {
    end = skip_digits(text_, at_ + 2, is_binary);
  } else {
    end = skip_digits(text_, at_, is_digit);
    if (at(end) == '.') end = skip_digits(text_, end + 1, is_digit);
    if (at(end) == 'e' || at(end) == 'E') {
      std::size_t digits = end + 1;
      if (at(digits) == '-' || at(digits) == '+') ++digits;
      if (is_digit(at(digits))) end = skip_digits(text_, digits, is_digit);
    }
  }
  if (!is_word_char(at(end))) return made(TokenKind::Number, end);
  // A name may begin with digits: 2024_orders.
  const std::string_view digits = text_.substr(at_, end - at_);
  return digits.find('.') != std::string_view::npos ? refused("Wrong number") : word();
}

Token Lexer::word() {
  std::size_t end = at_;
  while (end < text_.size() && is_word_char(text_[end])) ++end;
  return made(TokenKind::Word, end);
}

Token Lexer::quoted(char quote, TokenKind kind, std::size_t begin, const char* error) {
  for (std::size_t end = begin; end < text_.size(); ++end) {
    if (text_[end] == '\\') {
      ++end;
    } else if (text_[end] == quote) {
      if (at(end + 1) != quote) return made(kind, end + 1);
      ++end;
    }
  }
  return refused(error);
}

// x'61'
Token Lexer::digits_text(bool (*is)(char)) {
  std::size_t end = at_ + 2;
  while (is(at(end))) ++end;
  if (at(end) != '\'') return refused("Single quoted string is not closed");
  return made(TokenKind::Text, end + 1);
}

Token Lexer::heredoc() {
  std::size_t tag = at_ + 1;
  while (is_word_char(at(tag))) ++tag;
  if (at(tag) != '$') return refused("Unrecognized token");
  const std::string_view mark = text_.substr(at_, tag + 1 - at_);
  const std::size_t end = text_.find(mark, tag + 1);
  if (end == std::string_view::npos) return refused("Heredoc is not closed");
  return made(TokenKind::Text, end + mark.size());
}

Token Lexer::symbol() {
  static constexpr std::array<std::string_view, 11> kLong{
      "<=>", "||", "->", "::", "==", "!=", "<>", "<=", ">=", "(", ")"};
  const std::string_view rest = text_.substr(at_);
  for (const std::string_view one : kLong) {
    if (rest.starts_with(one)) return made(TokenKind::Symbol, at_ + one.size());
  }
  static constexpr std::string_view kShort = "[]{},;.*+-/%=<>?:@^";
  if (kShort.find(rest[0]) == std::string_view::npos) return refused("Unrecognized token");
  return made(TokenKind::Symbol, at_ + 1);
}

}  // namespace grapevine::sql
