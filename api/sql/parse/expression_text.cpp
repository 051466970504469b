// Expressions as text that parses to them again. Operators are written as the functions that they are.

#include <array>

#include "api/sql/parse.hpp"
#include "api/sql/parse/lexer.hpp"
#include "api/sql/parse/literal_text.hpp"
#include "api/sql/parse/text.hpp"
#include "api/sql/parse/window_text.hpp"
#include "api/sql/query_text.hpp"

namespace grapevine::sql {
namespace {

// Names that mean something else when they stand bare.
constexpr std::array<std::string_view, 18> kSpecial{
    "NULL", "TRUE",     "FALSE",     "INF",  "INFINITY", "NAN",     "NOT",  "CASE", "INTERVAL",
    "DATE", "DISTINCT", "TIMESTAMP", "FROM", "SELECT",   "COLUMNS", "WITH", "ALL",  "EXCEPT"};

std::string name_text(std::string_view name) {
  for (const std::string_view special : kSpecial) {
    if (same_word(name, special)) return concat("`", name, "`");
  }
  return quoted_name(name);
}

std::string path_text(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += concat(text.empty() ? "" : ".", name_text(part));
  return text;
}

std::string list_text(const std::vector<ExpressionPtr>& list) {
  std::string text;
  for (const ExpressionPtr& one : list) text += concat(text.empty() ? "" : ", ", to_text(*one));
  return text;
}

// Functions that the parser makes, and those whose calls it reads in a way of their own.
std::string function_name_text(const Expression& call) {
  if (call.name == "not" && call.arguments.size() == 1) return "not";
  const std::size_t count = call.arguments.size();
  if (call.name == "CAST" && count == 2) return "CAST";
  if ((call.name == "substring" || call.name == "position") && count >= 2) return call.name;
  const bool says_unit = count > 0 && call.arguments[0]->kind == Expression::Kind::Literal;
  if (call.name == "dateDiff" && says_unit) return call.name;
  for (const char* special :
       {"CAST",          "EXTRACT",       "SUBSTRING",     "SUBSTR",    "MID",
        "TRIM",          "LTRIM",         "RTRIM",         "POSITION",  "DATEADD",
        "DATE_ADD",      "TIMESTAMPADD",  "TIMESTAMP_ADD", "DATESUB",   "DATE_SUB",
        "TIMESTAMPSUB",  "TIMESTAMP_SUB", "DATEDIFF",      "DATE_DIFF", "TIMESTAMPDIFF",
        "TIMESTAMP_DIFF"}) {
    if (same_word(call.name, special)) return concat("`", call.name, "`");
  }
  return name_text(call.name);
}

std::string function_text(const Expression& call) {
  const bool plain = !call.window && !call.filter && !call.distinct && call.parameters.empty();
  if (call.name == "array" && plain) return concat("[", list_text(call.arguments), "]");
  std::string text = function_name_text(call);
  if (!call.parameters.empty()) text += concat("(", list_text(call.parameters), ")");
  text += concat("(", call.distinct ? "DISTINCT " : "", list_text(call.arguments), ")");
  if (call.filter) text += concat(" FILTER (WHERE ", to_text(*call.filter), ")");
  if (call.window) text += concat(" OVER ", window_text(*call.window, to_text));
  return text;
}

std::string asterisk_text(const Expression& all) {
  std::string text = all.parts.empty() ? "*" : concat(path_text(all.parts), ".*");
  if (all.except.empty()) return text;
  text += " EXCEPT (";
  for (const std::string& name : all.except) {
    text += concat(&name == &all.except.front() ? "" : ", ", quoted_name(name));
  }
  return text + ")";
}

std::string lambda_text(const Expression& lambda) {
  std::string names;
  for (const std::string& name : lambda.parts) {
    names += concat(names.empty() ? "" : ", ", name_text(name));
  }
  if (lambda.parts.size() != 1) names = concat("tuple(", names, ")");
  return concat("(", names, " -> ", to_text(*lambda.arguments.at(0)), ")");
}

std::string unaliased_text(const Expression& expression) {
  switch (expression.kind) {
    case Expression::Kind::Literal: return literal_text(expression.literal);
    case Expression::Kind::Identifier: return path_text(expression.parts);
    case Expression::Kind::Function: return function_text(expression);
    case Expression::Kind::Asterisk: return asterisk_text(expression);
    case Expression::Kind::Subquery: return concat("(", query_text(*expression.query), ")");
    case Expression::Kind::Parameter:
      return concat("{", quoted_name(expression.parts[0]), ":", expression.parts[1], "}");
    case Expression::Kind::Lambda: break;
  }
  return lambda_text(expression);
}

}  // namespace

std::string to_text(const Expression& expression) {
  const std::string text = unaliased_text(expression);
  if (expression.alias.empty()) return text;
  return concat("(", text, " AS ", quoted_name(expression.alias), ")");
}

}  // namespace grapevine::sql
