// f(x), quantile(0.9)(x), f(DISTINCT x) FILTER (WHERE c) OVER w, and the names of types.

#include <array>
#include <utility>

#include "api/sql/parse/parser.hpp"
#include "api/sql/parse/text.hpp"

namespace grapevine::sql {

ExpressionPtr Parser::call() {
  if (token().kind == TokenKind::Word) {
    const std::size_t before = place_;
    if (ExpressionPtr special = special_call()) return special;
    if (failed()) return nullptr;
    place_ = before;
  }
  Expression one;
  one.kind = Expression::Kind::Function;
  one.offset = token().offset;
  one.name = is_word("EXISTS") ? "exists" : "";
  if (one.name.empty()) {
    one.name = need_name("a function");
  } else {
    advance();
  }
  need_symbol("(");
  if (is_word("DISTINCT") && !is_symbol(",", 1) && !is_symbol(")", 1)) {
    advance();
    one.distinct = true;
  }
  one.arguments = arguments();
  if (is_symbol("(") && !failed()) {  // What were arguments are parameters.
    if (one.distinct) fail_expecting("no second arguments after DISTINCT");
    advance();
    one.parameters = std::exchange(one.arguments, {});
    if (is_word("DISTINCT") && !is_symbol(",", 1) && !is_symbol(")", 1)) {
      advance();
      one.distinct = true;
    }
    one.arguments = arguments();
  }
  after_call(one);
  return made(std::move(one));
}

// What stands up to the closing parenthesis, which is passed over.
Parser::Expressions Parser::arguments() {
  Expressions all;
  while (!failed() && !is_symbol(")")) {
    all.push_back(argument());
    if (!take_symbol(",")) break;
  }
  need_symbol(")");
  return all;
}

ExpressionPtr Parser::argument() {
  return begins_query() ? subquery(token().offset) : aliased(false);
}

void Parser::after_call(Expression& call) {
  if (are_words({"RESPECT", "NULLS"})) return refuse("RESPECT NULLS");
  if (are_words({"IGNORE", "NULLS"})) {
    // What these do anyway; of others it would change the meaning.
    bool is_default = false;
    for (const char* name : {"any", "anyLast", "first_value", "last_value", "any_value"}) {
      is_default = is_default || same_word(call.name, name);
    }
    if (!is_default) return refuse("IGNORE NULLS of this function");
    advance(2);
  }
  if (is_word("FILTER") && is_symbol("(", 1)) {
    advance(2);
    need_word("WHERE");
    call.filter = aliased(false);
    need_symbol(")");
  }
  if (is_word("OVER") && (is_symbol("(", 1) || is_name(1))) {
    advance();
    call.window = over();
  }
}

// A type as ClickHouse writes its name: Nullable(String), Tuple(a Int8, b String), DOUBLE PRECISION.
std::string Parser::type_name() {
  if (!enter(token().offset)) return {};
  const bool is_quoted = token().text.starts_with('`') || token().text.starts_with('"');
  std::string name = need_name("a type");
  if (is_quoted) name = quoted_name(name);  // Read again, it is the same.
  static constexpr std::array<std::string_view, 6> kSecond{"PRECISION", "VARYING", "LARGE",
                                                           "OBJECT",    "SIGNED",  "UNSIGNED"};
  for (bool more = true; more && !failed();) {
    more = false;
    for (const std::string_view word : kSecond) {
      if (!is_word(word)) continue;
      name += concat(" ", token().text);
      advance();
      more = true;
    }
  }
  if (take_symbol("(")) {
    name += '(';
    for (bool first = true; !failed() && !is_symbol(")"); first = false) {
      if (!first) {
        need_symbol(",");
        name += ", ";
      }
      name += type_argument();
    }
    need_symbol(")");
    name += ')';
  }
  leave();
  return name;
}

// A type, `name Type`, a number, a text, or 'a' = 1.
std::string Parser::type_argument() {
  const Token here = token();
  const auto number = [this]() -> std::string {
    const std::string_view sign = take_symbol("-") ? "-" : "";
    const Token digits = token();
    if (digits.kind != TokenKind::Number) {
      fail_expecting("a number");
      return {};
    }
    advance();
    return concat(sign, digits.text);
  };
  if (here.kind == TokenKind::Text) {
    advance();
    std::string text = quoted_literal(unquoted(here.text));
    if (!take_symbol("=")) return text;
    return concat(text, " = ", number());
  }
  if (is_symbol("-") || here.kind == TokenKind::Number) return number();
  if (is_name() && is_name(1)) {
    const std::string element = quoted_name(need_name("a name"));
    return concat(element, " ", type_name());
  }
  return type_name();
}

}  // namespace grapevine::sql
