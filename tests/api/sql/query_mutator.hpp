#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "api/sql/parse/lexer.hpp"
#include "tests/api/sql/query_seeds.hpp"

namespace grapevine::sql::tests {

/// The tokens of a text with their kinds; what cannot be read is the last one.
struct TokenText {
  TokenKind kind;
  std::string text;
};
using Tokens = std::vector<TokenText>;
Tokens tokens_of(std::string_view text);
/// With spaces between them.
std::string joined(const Tokens& tokens);

/// Makes hostile queries of good ones: the same ones for the same seed.
class QueryMutator {
 public:
  QueryMutator(const std::vector<QuerySeed>& seeds, std::uint64_t seed);

  /// One of the seeds, changed in one to four places, or calls of functions by chance.
  QuerySeed next();

 private:
  std::size_t below(std::size_t most) { return static_cast<std::size_t>(draw_() % most); }
  template <typename Choices>
  auto one_of(const Choices& choices) {
    return choices[below(std::size(choices))];
  }

  void change(Tokens& tokens);
  void replace(TokenText& token);
  std::string function();
  std::string call(int depth);
  std::string value(int depth);
  std::string around_value(const std::string& inner);
  std::string around_query(const std::string& inner);
  std::string query_of_calls();

  std::mt19937_64 draw_;
  const std::vector<QuerySeed>& seeds_;
  std::vector<Tokens> tokens_;
  std::vector<std::string> functions_;
  std::vector<std::string> aggregates_;
};

}  // namespace grapevine::sql::tests
