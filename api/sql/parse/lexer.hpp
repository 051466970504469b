#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace grapevine::sql {

enum class TokenKind : std::uint8_t {
  End,
  Word,        ///< Bare: a keyword, a name, or `1_year`.
  QuotedName,  ///< `a b` or "a b", with its quotes.
  Text,        ///< 'a', x'61', b'01100001' or $tag$a$tag$, with its quotes.
  Number,
  Symbol,
  Error,  ///< `text` is the rest that cannot be read.
};

/// A piece of SQL. A view of the text that was read.
struct Token {
  TokenKind kind = TokenKind::End;
  std::uint32_t offset = 0;  ///< In bytes.
  std::string_view text;
  const char* error = nullptr;  ///< Of Error: what is wrong with it.

  [[nodiscard]] std::size_t end() const { return offset + text.size(); }
};

/// Cuts a text into tokens, one after the other, and passes over spaces and comments (`-- `, `# `,
/// `/* */`).
class Lexer {
 public:
  /// Tokens that end after `bytes_max` are errors: what stands there may be the rows of an INSERT.
  Lexer(std::string_view text, std::size_t bytes_max) : text_(text), bytes_max_(bytes_max) {}

  /// End for ever once there are no more; Error for ever after one.
  Token next();

 private:
  Token cut();
  bool skip_spaces();
  bool skip_comment();
  bool skip_long_comment();
  Token made(TokenKind kind, std::size_t end);
  [[nodiscard]] Token refused(const char* error) const;
  Token number();
  Token word();
  Token quoted(char quote, TokenKind kind, std::size_t begin, const char* error);
  Token digits_text(bool (*is)(char));
  Token heredoc();
  Token symbol();
  [[nodiscard]] char at(std::size_t place) const {
    return place < text_.size() ? text_[place] : '\0';
  }
  [[nodiscard]] bool dot_begins_number() const;

  std::string_view text_;
  std::size_t bytes_max_;
  std::size_t at_ = 0;
  Token last_;
};

/// What a Text or QuotedName token says: without quotes, its escapes resolved.
std::string unquoted(std::string_view token);

/// 'it\'s': as ClickHouse writes a literal.
std::string quoted_literal(std::string_view text);
/// A name as it is, or in backticks where it is no bare word.
std::string quoted_name(std::string_view name);

}  // namespace grapevine::sql
