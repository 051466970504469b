
#include "api/sql/parse.hpp"
#include "api/sql/parse/lexer.hpp"
#include "api/sql/parse/literal_text.hpp"
#include "api/sql/parse/text.hpp"
#include "api/sql/parse/window_text.hpp"

namespace grapevine::sql {
namespace {

void add_name(std::string& text, const Expression& expression);

void add_list(std::string& text, const std::vector<ExpressionPtr>& list) {
  bool first = true;
  for (const ExpressionPtr& one : list) {
    if (one->kind == Expression::Kind::Asterisk) continue;  // count(*) is count().
    if (!first) text += ", ";
    first = false;
    add_name(text, *one);
  }
}

void add_enclosed(std::string& text, char open, const std::vector<ExpressionPtr>& list,
                  char close) {
  text += open;
  add_list(text, list);
  text += close;
}

void add_function(std::string& text, const Expression& call) {
  if (call.name == "array" && !call.window) return add_enclosed(text, '[', call.arguments, ']');
  if (call.name == "tuple" && !call.window) return add_enclosed(text, '(', call.arguments, ')');
  text += call.name;
  if (call.distinct) text += "Distinct";
  if (call.filter) text += "If";
  if (!call.parameters.empty()) add_enclosed(text, '(', call.parameters, ')');
  std::vector<ExpressionPtr> arguments = call.arguments;
  if (call.filter) arguments.push_back(call.filter);
  add_enclosed(text, '(', arguments, ')');
  if (call.window) text += concat(" OVER ", window_text(*call.window, column_name));
}

void add_name(std::string& text, const Expression& expression) {
  if (!expression.alias.empty()) {
    text += expression.alias;
    return;
  }
  switch (expression.kind) {
    case Expression::Kind::Literal: text += literal_text(expression.literal); return;
    case Expression::Kind::Identifier: text += expression.parts.back(); return;
    case Expression::Kind::Function: add_function(text, expression); return;
    case Expression::Kind::Asterisk: text += '*'; return;
    case Expression::Kind::Subquery: text += concat("_subquery_", expression.number); return;
    case Expression::Kind::Parameter:
      text += concat("{", expression.parts[0], ":", expression.parts[1], "}");
      return;
    case Expression::Kind::Lambda:
      text += concat("lambda(tuple(", joined(expression.parts, ", "), "), ");
      add_list(text, expression.arguments);
      text += ')';
      return;
  }
}

}  // namespace

std::string column_name(const Expression& expression) {
  std::string text;
  add_name(text, expression);
  return text;
}

}  // namespace grapevine::sql
