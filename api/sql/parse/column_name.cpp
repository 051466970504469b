
#include <algorithm>
#include <utility>

#include "api/sql/parse.hpp"
#include "api/sql/parse/lexer.hpp"
#include "api/sql/parse/literal_text.hpp"
#include "api/sql/parse/text.hpp"
#include "api/sql/parse/window_text.hpp"

namespace grapevine::sql {
namespace {

// Writes names; identifiers and parameters as `name_of` says.
class NameWriter {
 public:
  explicit NameWriter(const NameOf& name_of) : name_of_(name_of) {}
  void add_name(const Expression& expression);
  std::string text;

 private:
  void add_list(const std::vector<ExpressionPtr>& list);
  void add_enclosed(char open, const std::vector<ExpressionPtr>& list, char close);
  void add_function(const Expression& call);

  const NameOf& name_of_;
};

bool is_collection(const Expression& call) {
  return call.kind == Expression::Kind::Function &&
         (call.name == "array" || call.name == "tuple") && !call.window && call.alias.empty();
}

// Arrays and tuples that are written out as values.
bool is_literal(const Expression& one) {
  if (one.kind == Expression::Kind::Literal) return one.alias.empty();
  return is_collection(one) &&
         std::all_of(one.arguments.begin(), one.arguments.end(),
                     [](const ExpressionPtr& part) { return is_literal(*part); });
}

// Whether an array's values are all doubles because one of them is.
bool has_double(const Expression& one) {
  if (one.kind == Expression::Kind::Literal) return std::holds_alternative<double>(one.literal);
  return one.name == "array" &&
         std::any_of(one.arguments.begin(), one.arguments.end(),
                     [](const ExpressionPtr& part) { return has_double(*part); });
}

// The value of an array or tuple: truths are numbers there.
std::string value_text(const Expression& one, bool as_doubles) {
  if (one.kind == Expression::Kind::Literal) {
    if (const bool* truth = std::get_if<bool>(&one.literal)) return *truth ? "1" : "0";
    if (!as_doubles) return literal_text(one.literal);
    if (const auto* count = std::get_if<std::uint64_t>(&one.literal)) {
      return float_literal(static_cast<double>(*count));
    }
    if (const auto* number = std::get_if<std::int64_t>(&one.literal)) {
      return float_literal(static_cast<double>(*number));
    }
    return literal_text(one.literal);
  }
  const bool is_array = one.name == "array";
  std::string text(1, is_array ? '[' : '(');
  for (const ExpressionPtr& part : one.arguments) {
    if (&part != &one.arguments.front()) text += ", ";
    text += value_text(*part, is_array && as_doubles);
  }
  return text + (is_array ? ']' : ')');
}

void NameWriter::add_list(const std::vector<ExpressionPtr>& list) {
  bool first = true;
  for (const ExpressionPtr& one : list) {
    if (one->kind == Expression::Kind::Asterisk) continue;  // count(*) is count().
    if (!first) text += ", ";
    first = false;
    add_name(*one);
  }
}

void NameWriter::add_enclosed(char open, const std::vector<ExpressionPtr>& list, char close) {
  text += open;
  add_list(list);
  text += close;
}

void NameWriter::add_function(const Expression& call) {
  if (is_literal(call)) {
    text += value_text(call, has_double(call));
    return;
  }
  if (call.name == "array" && !call.window) return add_enclosed('[', call.arguments, ']');
  if (call.name == "tuple" && !call.window) return add_enclosed('(', call.arguments, ')');
  text += call.name;
  if (call.distinct) text += "Distinct";
  if (call.filter) text += "If";
  if (!call.parameters.empty()) add_enclosed('(', call.parameters, ')');
  std::vector<ExpressionPtr> arguments = call.arguments;
  if (call.filter) arguments.push_back(call.filter);
  add_enclosed('(', arguments, ')');
  if (!call.window) return;
  const auto write = [this](const Expression& one) { return column_name(one, name_of_); };
  text += concat(" OVER ", window_text(*call.window, write));
}

void NameWriter::add_name(const Expression& expression) {
  if (!expression.alias.empty()) {
    text += expression.alias;
    return;
  }
  if (name_of_) {
    if (const std::optional<std::string> name = name_of_(expression)) {
      text += *name;
      return;
    }
  }
  switch (expression.kind) {
    case Expression::Kind::Literal: text += literal_text(expression.literal); return;
    case Expression::Kind::Identifier: text += expression.parts.back(); return;
    case Expression::Kind::Function: add_function(expression); return;
    case Expression::Kind::Asterisk: text += '*'; return;
    case Expression::Kind::Subquery: text += concat("_subquery_", expression.number); return;
    case Expression::Kind::Parameter:
      text += concat("{", expression.parts[0], ":", expression.parts[1], "}");
      return;
    case Expression::Kind::Lambda:
      text += concat("lambda(tuple(", joined(expression.parts, ", "), "), ");
      add_list(expression.arguments);
      text += ')';
      return;
  }
}

}  // namespace

std::string column_name(const Expression& expression, const NameOf& name_of) {
  NameWriter writer(name_of);
  writer.add_name(expression);
  return std::move(writer.text);
}

}  // namespace grapevine::sql
