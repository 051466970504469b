// expression AS name, and lists of them.

#include <algorithm>
#include <array>
#include <utility>

#include "api/sql/parse/parser.hpp"
#include "api/sql/parse/text.hpp"

namespace grapevine::sql {
namespace {

// What is no alias without AS, because it goes on with the query.
constexpr std::array<std::string_view, 52> kNoAlias{
    "ALL",     "AND",    "ANTI",   "ANY",    "ARRAY",  "AS",    "ASOF",     "BETWEEN",
    "CROSS",   "DIV",    "ELSE",   "EXCEPT", "FETCH",  "FINAL", "FORMAT",   "FROM",
    "FULL",    "GLOBAL", "GROUP",  "HAVING", "ILIKE",  "IN",    "INNER",    "INTERSECT",
    "INTO",    "IS",     "JOIN",   "LEFT",   "LIKE",   "LIMIT", "MOD",      "NATURAL",
    "NOT",     "OFFSET", "ON",     "ONLY",   "OR",     "ORDER", "PASTE",    "PREWHERE",
    "QUALIFY", "REGEXP", "RIGHT",  "SAMPLE", "SELECT", "SEMI",  "SETTINGS", "UNION",
    "USING",   "WHERE",  "WINDOW", "WITH"};

}  // namespace

std::string Parser::alias(bool without_as) {
  if (take_word("AS")) return need_name("a name after AS");
  if (!without_as || !is_name()) return {};
  const Token& here = token();
  const bool refused = here.kind == TokenKind::Word &&
                       std::any_of(kNoAlias.begin(), kNoAlias.end(), [&](std::string_view word) {
                         return same_word(here.text, word);
                       });
  return refused ? std::string() : need_name("a name");
}

ExpressionPtr Parser::aliased(bool without_as) {
  ExpressionPtr one = expression();
  return named(one, alias(without_as));
}

Parser::Expressions Parser::list(bool without_as) {
  Expressions all;
  do {
    all.push_back(aliased(without_as));
  } while (!failed() && take_symbol(","));
  return all;
}

}  // namespace grapevine::sql
