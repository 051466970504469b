// What stands between operators: literals, names, parentheses, CASE and INTERVAL.

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <utility>

#include "api/sql/parse/parser.hpp"
#include "api/sql/parse/text.hpp"

namespace grapevine::sql {
namespace {

// The number that a token says, without underscores; integers that fit stay integers. nullopt: none.
std::optional<LiteralValue> number_of(std::string_view token, bool negative) {
  std::string plain(token);
  std::erase(plain, '_');
  int base = 10;
  std::string_view digits = plain;
  if ((digits.starts_with("0x") || digits.starts_with("0X"))) base = 16;
  if ((digits.starts_with("0b") || digits.starts_with("0B"))) base = 2;
  if (base != 10) digits.remove_prefix(2);
  const char* end = digits.data() + digits.size();
  std::uint64_t integer = 0;
  const auto read = std::from_chars(digits.data(), end, integer, base);
  if (read.ec == std::errc() && read.ptr == end) {
    if (!negative || integer == 0) return integer;
    if (integer <= std::uint64_t{1} << 63) return static_cast<std::int64_t>(-integer);
  }
  double value = 0;
  if (base == 2) {
    for (const char digit : digits) value = value * 2 + (digit - '0');
  } else {
    const auto format = base == 16 ? std::chars_format::hex : std::chars_format::general;
    const auto as_double = std::from_chars(digits.data(), end, value, format);
    if (as_double.ptr != end) return std::nullopt;
    if (as_double.ec == std::errc::result_out_of_range) value = std::strtod(plain.c_str(), nullptr);
  }
  if (!std::isfinite(value)) return std::nullopt;
  return negative ? -value : value;
}

}  // namespace

ExpressionPtr Parser::operand() {
  if (failed()) return nullptr;
  if (ExpressionPtr cast = literal_cast()) return cast;
  const Token here = token();
  switch (here.kind) {
    case TokenKind::Number: return number();
    case TokenKind::Text: {
      advance();
      return literal(unquoted(here.text), here.offset);
    }
    case TokenKind::Word: return word();
    case TokenKind::QuotedName: return identifier();
    case TokenKind::Symbol: break;
    default: return nullptr;
  }
  if (here.text == "(") return in_parentheses();
  if (here.text == "[") return array();
  if (here.text == "{") return parameter();
  if (here.text == "-") {
    if (token(1).kind == TokenKind::Number) return number();
    advance();  // -inf
    const ExpressionPtr infinite = constant_word();
    const double* value = infinite ? std::get_if<double>(&infinite->literal) : nullptr;
    if (value == nullptr) return nullptr;
    return literal(std::isnan(*value) ? *value : -*value, here.offset);
  }
  if (here.text == "*") {
    advance();
    return asterisk({}, here.offset);
  }
  return nullptr;
}

ExpressionPtr Parser::number() {
  const std::uint32_t begin = token().offset;
  const bool negative = take_symbol("-");
  std::optional<LiteralValue> value = number_of(token().text, negative);
  if (!value) {
    fail(QueryErrorCode::SyntaxError, concat("no number: ", token().text.substr(0, 40)),
         token().offset);
    return nullptr;
  }
  advance();
  return literal(*std::move(value), begin);
}

// 5::Int8 and [1, 2]::Array(Int8) are casts of the text as it stands there, so that no digit is lost
// on the way.
ExpressionPtr Parser::literal_cast() {
  enum class Last : std::uint8_t { Open, Comma, Minus, Value, Close };
  std::size_t ahead = 0;
  const Token first = token();
  if (first.kind == TokenKind::Number) {
    ahead = 1;
  } else if (is_symbol("-")) {
    if (token(1).kind != TokenKind::Number) return nullptr;
    ahead = 2;
  } else if (is_symbol("(") || is_symbol("[")) {
    std::string open;
    Last last = Last::Open;
    for (;; ++ahead) {
      const Token here = token(ahead);
      const bool fresh = last == Last::Open || last == Last::Comma;
      const bool done = last == Last::Value || last == Last::Close;
      if (here.kind == TokenKind::Number) {
        if (done) return nullptr;
        last = Last::Value;
      } else if (here.kind == TokenKind::Text) {
        if (!fresh) return nullptr;
        last = Last::Value;
      } else if (here.kind != TokenKind::Symbol || here.text.size() != 1) {
        break;
      } else if (here.text == "(" || here.text == "[") {
        if (!fresh || open.size() >= limits_.depth_max) return nullptr;
        open += here.text[0] == '(' ? ')' : ']';
        last = Last::Open;
      } else if (here.text == ")" || here.text == "]") {
        if (open.empty() || open.back() != here.text[0] || last == Last::Comma) return nullptr;
        open.pop_back();
        last = Last::Close;
        if (open.empty()) {
          ++ahead;
          break;
        }
      } else if (here.text == ",") {
        if (!done) return nullptr;
        last = Last::Comma;
      } else if (here.text == "-") {
        if (!fresh) return nullptr;
        last = Last::Minus;
      } else {
        return nullptr;
      }
    }
    if (!open.empty()) return nullptr;
  } else {
    return nullptr;
  }
  if (!is_symbol("::", ahead)) return nullptr;
  const std::string_view said = text_.substr(first.offset, token(ahead - 1).end() - first.offset);
  advance(ahead + 1);
  ExpressionPtr text = literal(std::string(said), first.offset);
  ExpressionPtr type = literal(type_name(), first.offset);
  return function("CAST", {std::move(text), std::move(type)}, first.offset);
}

// (a), (a, b), (SELECT ...)
ExpressionPtr Parser::in_parentheses() {
  const std::uint32_t begin = token().offset;
  advance();
  if (begins_query()) {
    ExpressionPtr inside = subquery(begin);
    need_symbol(")");
    return inside;
  }
  Expression tuple;
  tuple.kind = Expression::Kind::Function;
  tuple.offset = begin;
  tuple.name = "tuple";
  tuple.parenthesized = true;
  bool is_tuple = is_symbol(")");
  while (!failed() && !is_symbol(")")) {
    const bool nested = is_symbol("(");
    ExpressionPtr one = aliased(false);
    if (failed()) break;
    // ((SELECT 1) UNION ALL (SELECT 2)): the inner parentheses were the first operand's.
    if (nested && one->kind == Expression::Kind::Subquery && continues_query()) {
      deepest_ = std::max(deepest_, one->depth);
      one = subquery_of(query_after(one->query), deepest_, begin);
    }
    tuple.arguments.push_back(std::move(one));
    if (!take_symbol(",")) break;
    is_tuple = true;
  }
  need_symbol(")");
  if (tuple.arguments.empty() && !is_tuple) return nullptr;
  return is_tuple ? made(std::move(tuple)) : tuple.arguments[0];
}

ExpressionPtr Parser::array() {
  const std::uint32_t begin = token().offset;
  advance();
  Expressions elements;
  while (!failed() && !is_symbol("]")) {
    elements.push_back(aliased(false));
    if (!take_symbol(",")) break;
  }
  need_symbol("]");
  return function("array", std::move(elements), begin);
}

// {name:Type}
ExpressionPtr Parser::parameter() {
  Expression one;
  one.kind = Expression::Kind::Parameter;
  one.offset = token().offset;
  advance();
  one.parts.push_back(need_name("the name of a parameter"));
  need_symbol(":");
  one.parts.push_back(type_name());
  need_symbol("}");
  return made(std::move(one));
}

ExpressionPtr Parser::asterisk(std::vector<std::string> qualifier, std::uint32_t offset) {
  Expression all;
  all.kind = Expression::Kind::Asterisk;
  all.offset = offset;
  all.parts = std::move(qualifier);
  if (is_word("EXCEPT") && (is_symbol("(", 1) || (is_name(1) && !is_word("SELECT", 1))) &&
      !begins_query(is_symbol("(", 1) ? 2 : 1)) {
    advance();
    take_word("STRICT");
    if (take_symbol("(")) {
      do {
        if (token().kind == TokenKind::Text) return refuse("EXCEPT of a pattern"), nullptr;
        all.except.push_back(joined(need_path("the name of a column"), "."));
      } while (!failed() && take_symbol(","));
      need_symbol(")");
    } else {
      all.except.push_back(joined(need_path("the name of a column"), "."));
    }
  }
  if (is_symbol("(", 1) && (is_word("REPLACE") || is_word("APPLY"))) {
    refuse(concat("* ", token().text));
  }
  return made(std::move(all));
}

ExpressionPtr Parser::word() {
  if (is_word("CASE") && !is_symbol(",", 1) && !is_symbol(")", 1) && !is_symbol(".", 1) &&
      token(1).kind != TokenKind::End && !is_word("FROM", 1) && !is_word("AS", 1)) {
    return case_expression();
  }
  if (is_interval()) return interval();
  if (token(1).kind == TokenKind::Text && (is_word("DATE") || is_word("TIMESTAMP"))) {
    const Token here = token();
    const bool is_date = is_word("DATE");
    advance();
    ExpressionPtr text = literal(unquoted(token().text), token().offset);
    advance();
    return function(is_date ? "toDate" : "toDateTime", {std::move(text)}, here.offset);
  }
  if (is_symbol("(", 1)) return identifier();
  if (ExpressionPtr constant = constant_word()) return constant;
  return identifier();
}

ExpressionPtr Parser::constant_word() {
  const std::uint32_t begin = token().offset;
  std::optional<LiteralValue> value;
  if (is_word("NULL")) value = std::monostate{};
  if (is_word("TRUE")) value = true;
  if (is_word("FALSE")) value = false;
  if (is_word("INF") || is_word("INFINITY")) value = std::numeric_limits<double>::infinity();
  if (is_word("NAN")) value = std::numeric_limits<double>::quiet_NaN();
  if (!value) return nullptr;
  advance();
  return literal(*std::move(value), begin);
}

// a.b.c, t.* or f(...).
ExpressionPtr Parser::identifier() {
  if (is_symbol("(", 1)) return call();
  Expression one;
  one.kind = Expression::Kind::Identifier;
  one.offset = token().offset;
  one.parts.push_back(need_name("a name"));
  while (!failed() && is_symbol(".")) {
    if (is_symbol("*", 1)) {
      advance(2);
      return asterisk(std::move(one.parts), one.offset);
    }
    if (!is_name(1)) break;
    advance();
    one.parts.push_back(need_name("a name after '.'"));
  }
  return made(std::move(one));
}

// CASE WHEN a THEN b ELSE c END is multiIf(a, b, c), CASE x WHEN ... caseWithExpression(x, ...).
ExpressionPtr Parser::case_expression() {
  const std::uint32_t begin = token().offset;
  advance();
  Expressions branches;
  const bool has_operand = !is_word("WHEN");
  if (has_operand) branches.push_back(expression());
  if (!is_word("WHEN")) fail_expecting("WHEN");
  while (!failed() && take_word("WHEN")) {
    branches.push_back(aliased(false));
    need_word("THEN");
    branches.push_back(aliased(false));
  }
  branches.push_back(take_word("ELSE") ? aliased(false) : literal(std::monostate{}, begin));
  need_word("END");
  return function(has_operand ? "caseWithExpression" : "multiIf", std::move(branches), begin);
}

}  // namespace grapevine::sql
