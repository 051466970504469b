// Operators by precedence climbing. The ranks are ClickHouse's.

#include <array>
#include <utility>

#include "api/sql/parse/parser.hpp"
#include "api/sql/parse/text.hpp"

namespace grapevine::sql {
namespace {

constexpr int kLambda = 1;
constexpr int kTernary = 2;
constexpr int kOr = 3;
constexpr int kAnd = 4;
constexpr int kNot = 5;
constexpr int kIs = 6;
constexpr int kBetween = 7;
constexpr int kCompare = 9;
constexpr int kConcat = 10;
constexpr int kAdd = 11;
constexpr int kMultiply = 12;

enum class Form : std::uint8_t { Binary, Merged, Postfix, Between, Ternary, Lambda };

struct SymbolOperator {
  std::string_view symbol;
  std::string_view function;
  int rank;
  Form form = Form::Binary;
};
constexpr std::array<SymbolOperator, 18> kSymbols{{
    {"=", "equals", kCompare},
    {"==", "equals", kCompare},
    {"!=", "notEquals", kCompare},
    {"<>", "notEquals", kCompare},
    {"<", "less", kCompare},
    {"<=", "lessOrEquals", kCompare},
    {">", "greater", kCompare},
    {">=", "greaterOrEquals", kCompare},
    {"<=>", "isNotDistinctFrom", kCompare},
    {"+", "plus", kAdd},
    {"-", "minus", kAdd},
    {"*", "multiply", kMultiply},
    {"/", "divide", kMultiply},
    {"%", "modulo", kMultiply},
    {"||", "concat", kConcat, Form::Merged},
    {"->", "", kLambda, Form::Lambda},
    {"?", "if", kTernary, Form::Ternary},
    {"", "", 0},
}};

struct WordOperator {
  std::array<std::string_view, 5> words;
  std::string_view function;
  int rank;
  Form form = Form::Binary;
};
// A list of words stands before its own beginning.
constexpr std::array<WordOperator, 32> kWords{{
    {{"OR"}, "or", kOr, Form::Merged},
    {{"AND"}, "and", kAnd, Form::Merged},
    {{"IS", "NOT", "DISTINCT", "FROM"}, "isNotDistinctFrom", kIs},
    {{"IS", "DISTINCT", "FROM"}, "isDistinctFrom", kIs},
    {{"IS", "NOT", "NULL"}, "isNotNull", kIs, Form::Postfix},
    {{"IS", "NULL"}, "isNull", kIs, Form::Postfix},
    {{"IS", "NOT", "UNKNOWN"}, "isNotNull", kIs, Form::Postfix},
    {{"IS", "UNKNOWN"}, "isNull", kIs, Form::Postfix},
    {{"IS", "NOT", "TRUE"}, "isDistinctFrom", kIs, Form::Postfix},
    {{"IS", "TRUE"}, "isNotDistinctFrom", kIs, Form::Postfix},
    {{"IS", "NOT", "FALSE"}, "isDistinctFrom", kIs, Form::Postfix},
    {{"IS", "FALSE"}, "isNotDistinctFrom", kIs, Form::Postfix},
    {{"BETWEEN"}, "and", kBetween, Form::Between},
    {{"NOT", "BETWEEN"}, "or", kBetween, Form::Between},
    {{"LIKE"}, "like", kCompare},
    {{"ILIKE"}, "ilike", kCompare},
    {{"NOT", "LIKE"}, "notLike", kCompare},
    {{"NOT", "ILIKE"}, "notILike", kCompare},
    {{"REGEXP"}, "match", kCompare},
    {{"IN"}, "in", kCompare},
    {{"NOT", "IN"}, "notIn", kCompare},
    {{"GLOBAL", "IN"}, "globalIn", kCompare},
    {{"GLOBAL", "NOT", "IN"}, "globalNotIn", kCompare},
    {{"DIV"}, "intDiv", kMultiply},
    {{"MOD"}, "modulo", kMultiply},
    {{""}, "", 0},
}};

}  // namespace

struct Parser::Operator {
  std::string_view function;
  int rank = 0;
  Form form = Form::Binary;
  std::size_t tokens = 1;
  std::string_view last_word;
};

std::optional<Parser::Operator> Parser::operator_here() {
  const Token& here = token();
  if (here.kind == TokenKind::Symbol) {
    for (const SymbolOperator& one : kSymbols) {
      if (one.rank != 0 && here.text == one.symbol) {
        return Operator{one.function, one.rank, one.form, 1, {}};
      }
    }
    return std::nullopt;
  }
  if (here.kind != TokenKind::Word) return std::nullopt;
  for (const WordOperator& one : kWords) {
    std::size_t count = 0;
    while (count < one.words.size() && !one.words[count].empty() &&
           is_word(one.words[count], count)) {
      ++count;
    }
    if (one.rank != 0 && (count == one.words.size() || one.words[count].empty())) {
      return Operator{one.function, one.rank, one.form, count, one.words[count - 1]};
    }
  }
  return std::nullopt;
}

ExpressionPtr Parser::expression() { return binary(kLambda); }

ExpressionPtr Parser::binary(int lowest) { return binary_of(unary(), lowest); }

ExpressionPtr Parser::binary_of(ExpressionPtr left, int lowest) {
  std::string_view merging;  // The function that `left` is a chain of, without parentheses.
  while (!failed()) {
    const std::optional<Operator> op = operator_here();
    if (!op || op->rank < lowest) break;
    advance(op->tokens);
    if (op->form == Form::Merged && merging == op->function) {
      left = merged(*op, left);
    } else {
      left = applied(*op, left);
    }
    merging = op->form == Form::Merged ? op->function : std::string_view();
  }
  return left;
}

// a AND b AND c: one function of all three.
ExpressionPtr Parser::merged(const Operator& op, const ExpressionPtr& left) {
  Expressions all = left->arguments;
  do {
    all.push_back(binary(op.rank + 1));
    const std::optional<Operator> next = operator_here();
    if (!next || next->form != Form::Merged || next->function != op.function) break;
    advance(next->tokens);
  } while (!failed());
  return function(std::string(op.function), std::move(all), left->offset);
}

ExpressionPtr Parser::applied(const Operator& op, const ExpressionPtr& left) {
  if (failed()) return left;
  const std::string name(op.function);
  switch (op.form) {
    case Form::Lambda: return lambda(left);
    case Form::Between: return between(left, op.function == "or");
    case Form::Ternary: {
      if (!enter(left->offset)) return left;
      ExpressionPtr then = binary(kTernary);
      need_symbol(":");
      ExpressionPtr otherwise = binary(kTernary);
      leave();
      return function(name, {left, std::move(then), std::move(otherwise)}, left->offset);
    }
    case Form::Postfix: {
      Expressions arguments{left};
      if (op.last_word == "TRUE") arguments.push_back(literal(true, left->offset));
      if (op.last_word == "FALSE") arguments.push_back(literal(false, left->offset));
      return function(name, std::move(arguments), left->offset);
    }
    default: break;
  }
  if (op.rank == kCompare && (is_word("ANY") || is_word("ALL")) && is_symbol("(", 1) &&
      begins_query(2)) {
    return quantified(op.function, left);
  }
  ExpressionPtr right = binary(op.rank + 1);
  return function(name, {left, std::move(right)}, left->offset);
}

// x = ANY (SELECT ...) is IN, x != ALL (SELECT ...) NOT IN.
ExpressionPtr Parser::quantified(std::string_view comparison, const ExpressionPtr& left) {
  const bool is_any = is_word("ANY");
  std::string name;
  if (comparison == "equals" && is_any) name = "in";
  if (comparison == "notEquals" && !is_any) name = "notIn";
  if (name.empty()) {
    refuse("ANY and ALL of a subquery, but for = ANY and != ALL,");
    return left;
  }
  advance();
  return function(name, {left, in_parentheses()}, left->offset);
}

ExpressionPtr Parser::between(const ExpressionPtr& left, bool negated) {
  ExpressionPtr low = binary(kBetween + 1);
  need_word("AND");
  ExpressionPtr high = binary(kBetween + 1);
  const std::uint32_t at = left->offset;
  if (failed()) return left;
  low = function(negated ? "less" : "greaterOrEquals", {left, std::move(low)}, at);
  high = function(negated ? "greater" : "lessOrEquals", {left, std::move(high)}, at);
  return function(negated ? "or" : "and", {std::move(low), std::move(high)}, at);
}

// x -> f(x), (x, y) -> f(x, y)
ExpressionPtr Parser::lambda(const ExpressionPtr& left) {
  Expression made_of;
  made_of.kind = Expression::Kind::Lambda;
  made_of.offset = left->offset;
  const auto add_name = [&](const Expression& name) {
    if (name.kind != Expression::Kind::Identifier || name.parts.size() != 1) {
      fail(QueryErrorCode::SyntaxError, "Expected names before '->'", left->offset);
    } else {
      made_of.parts.push_back(name.parts[0]);
    }
  };
  if (left->kind == Expression::Kind::Function && left->name == "tuple") {
    for (const ExpressionPtr& name : left->arguments) add_name(*name);
  } else {
    add_name(*left);
  }
  if (failed() || !enter(left->offset)) return left;
  made_of.arguments.push_back(binary(kLambda));
  leave();
  return made(std::move(made_of));
}

ExpressionPtr Parser::unary() {
  const std::uint32_t begin = token().offset;
  ExpressionPtr result = enter(begin) ? unary_inside() : nullptr;
  leave();
  if (!result) fail_expecting("an expression");
  // Something stands there even after a fault, so that no one else has to look.
  return result ? result : literal({}, begin);
}

ExpressionPtr Parser::unary_inside() {
  const std::uint32_t begin = token().offset;
  if (is_word("NOT")) {
    advance();
    return function("not", {binary(kNot + 1)}, begin);
  }
  if (take_symbol("+")) return unary();
  const bool is_number = token(1).kind == TokenKind::Number || is_word("INF", 1) ||
                         is_word("INFINITY", 1) || is_word("NAN", 1);
  if (is_symbol("-") && !is_number) {
    advance();
    return function("negate", {unary()}, begin);
  }
  return postfix(operand());
}

// [1], .1, .name and ::Type, as many as there are.
ExpressionPtr Parser::postfix(ExpressionPtr operand) {
  while (operand && !failed()) {
    const std::uint32_t begin = operand->offset;
    if (is_symbol("[")) {
      advance();
      ExpressionPtr index = expression();
      need_symbol("]");
      operand = function("arrayElement", {std::move(operand), std::move(index)}, begin);
    } else if (is_symbol("::")) {
      advance();
      ExpressionPtr type = literal(type_name(), begin);
      operand = function("CAST", {std::move(operand), std::move(type)}, begin);
    } else if (is_symbol(".")) {
      operand = element_of(std::move(operand));
    } else {
      break;
    }
  }
  return operand;
}

ExpressionPtr Parser::element_of(ExpressionPtr operand) {
  const std::uint32_t begin = operand->offset;
  advance();
  const std::uint32_t at = token().offset;
  ExpressionPtr element;
  if (take_symbol("-")) {
    element = function("negate", {literal(need_count("the number of an element"), at)}, at);
  } else if (token().kind == TokenKind::Number) {
    element = literal(need_count("the number of an element"), at);
  } else {
    element = literal(need_name("the name or number of an element"), at);
  }
  return function("tupleElement", {std::move(operand), std::move(element)}, begin);
}

}  // namespace grapevine::sql
