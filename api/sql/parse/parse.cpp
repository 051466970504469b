#include "api/sql/parse.hpp"

#include <utility>

#include "api/sql/parse/parser.hpp"

namespace grapevine::sql {

absl::StatusOr<Statement> parse_statement(std::string_view text, const ParseLimits& limits) {
  Parser parser(text, limits);
  Statement statement = parser.statement();
  if (!parser.fault().ok()) return parser.fault();
  return statement;
}

absl::StatusOr<ExpressionPtr> parse_expression(std::string_view text, const ParseLimits& limits) {
  Parser parser(text, limits);
  ExpressionPtr expression = parser.whole_expression();
  if (!parser.fault().ok()) return parser.fault();
  return expression;
}

}  // namespace grapevine::sql
