#include "api/sql/parse/parser.hpp"

#include <algorithm>
#include <charconv>

#include "api/sql/parse/text.hpp"

namespace grapevine::sql {
namespace {

constexpr std::size_t kShownBytes = 40;

struct Position {
  std::size_t line = 1;
  std::size_t column = 1;  // In bytes.
};

Position position_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t begin = before.rfind('\n') + 1;  // npos + 1 is 0.
  return {static_cast<std::size_t>(lines) + 1, before.size() - begin + 1};
}

}  // namespace

const Token& Parser::token(std::size_t ahead) {
  if (failed()) return end_;
  while (tokens_.size() <= place_ + ahead) tokens_.push_back(lexer_.next());
  return tokens_[place_ + ahead];
}

bool Parser::is_symbol(std::string_view symbol, std::size_t ahead) {
  const Token& here = token(ahead);
  return here.kind == TokenKind::Symbol && here.text == symbol;
}

bool Parser::is_word(std::string_view word, std::size_t ahead) {
  const Token& here = token(ahead);
  return here.kind == TokenKind::Word && same_word(here.text, word);
}

bool Parser::is_name(std::size_t ahead) {
  const TokenKind kind = token(ahead).kind;
  return kind == TokenKind::Word || kind == TokenKind::QuotedName;
}

bool Parser::are_words(std::initializer_list<std::string_view> words) {
  std::size_t ahead = 0;
  return std::all_of(words.begin(), words.end(),
                     [&](std::string_view word) { return is_word(word, ahead++); });
}

bool Parser::take_symbol(std::string_view symbol) {
  const bool is = is_symbol(symbol);
  if (is) advance();
  return is;
}

bool Parser::take_word(std::string_view word) { return take_words({word}); }

bool Parser::take_words(std::initializer_list<std::string_view> words) {
  const bool are = are_words(words);
  if (are) advance(words.size());
  return are;
}

void Parser::need_symbol(std::string_view symbol) {
  if (!take_symbol(symbol)) fail_expecting(concat("'", symbol, "'"));
}

void Parser::need_word(std::string_view word) {
  if (!take_word(word)) fail_expecting(word);
}

std::string Parser::name_of_token(const Token& token) {
  return token.kind == TokenKind::QuotedName ? unquoted(token.text) : std::string(token.text);
}

std::string Parser::need_name(std::string_view what) {
  if (!is_name()) {
    fail_expecting(what);
    return {};
  }
  std::string name = name_of_token(token());
  if (name.empty()) fail_expecting(what);
  advance();
  return name;
}

std::string Parser::need_text(std::string_view what) {
  if (token().kind != TokenKind::Text) {
    fail_expecting(what);
    return {};
  }
  std::string text = unquoted(token().text);
  advance();
  return text;
}

std::uint64_t Parser::need_count(std::string_view what) {
  const std::string_view digits = token().text;
  std::uint64_t count = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (token().kind != TokenKind::Number || read.ec != std::errc() ||
      read.ptr != digits.data() + digits.size()) {
    fail_expecting(what);
  }
  advance();
  return count;
}

std::vector<std::string> Parser::need_path(std::string_view what) {
  std::vector<std::string> parts{need_name(what)};
  while (!failed() && is_symbol(".")) {
    advance();
    parts.push_back(need_name("a name after '.'"));
  }
  return parts;
}

void Parser::fail(QueryErrorCode code, std::string_view message, std::size_t offset) {
  if (failed()) return;
  const Position at = position_of(text_, offset);
  const char* what = code == QueryErrorCode::SyntaxError ? "Syntax error: failed at" : "At";
  fault_ = query_error(code, concat(what, " position ", offset + 1, " (line ", at.line, ", col ",
                                    at.column, "): ", message));
}

void Parser::fail_expecting(std::string_view what) {
  if (failed()) return;
  const Token& here = token();
  if (here.kind == TokenKind::Error) {
    return fail(QueryErrorCode::SyntaxError,
                concat(here.error, ": ", here.text.substr(0, kShownBytes)), here.offset);
  }
  const std::string_view shown =
      here.kind == TokenKind::End ? "end of query" : here.text.substr(0, kShownBytes);
  fail(QueryErrorCode::SyntaxError, concat(shown, ". Expected ", what), here.offset);
}

void Parser::refuse(std::string_view what) {
  fail(QueryErrorCode::NotImplemented, concat(what, " is not supported"), token().offset);
}

bool Parser::enter(std::uint32_t offset) {
  ++nesting_;
  if (nesting_ <= limits_.depth_max) return true;
  fail_too_deep(offset);
  return false;
}

void Parser::fail_too_deep(std::size_t offset) {
  fail(QueryErrorCode::TooDeepRecursion,
       concat("expressions and subqueries may nest ", limits_.depth_max, " deep"), offset);
}

void Parser::deepen(std::uint32_t depth) { deepest_ = std::max(deepest_, depth); }

ExpressionPtr Parser::made(Expression expression) {
  const auto add = [&](const ExpressionPtr& part) {
    if (!part) return;
    expression.depth = std::max(expression.depth, part->depth + 1);
    expression.nodes += part->nodes;
  };
  for (const ExpressionPtr& part : expression.parameters) add(part);
  for (const ExpressionPtr& part : expression.arguments) add(part);
  add(expression.filter);
  if (expression.window) {
    for (const ExpressionPtr& part : expression.window->partition_by) add(part);
    for (const OrderItem& item : expression.window->order_by) add(item.expression);
  }
  if (expression.depth > limits_.depth_max) fail_too_deep(expression.offset);
  if (++nodes_ > limits_.nodes_max || expression.nodes > limits_.nodes_max) {
    fail(QueryErrorCode::TooDeepRecursion,
         concat("a query may have ", limits_.nodes_max, " expressions"), expression.offset);
  }
  deepen(expression.depth);
  return std::make_shared<const Expression>(std::move(expression));
}

ExpressionPtr Parser::function(std::string name, Expressions arguments, std::uint32_t offset) {
  Expression call;
  call.kind = Expression::Kind::Function;
  call.offset = offset;
  call.name = std::move(name);
  call.arguments = std::move(arguments);
  return made(std::move(call));
}

ExpressionPtr Parser::literal(LiteralValue value, std::uint32_t offset) {
  Expression one;
  one.offset = offset;
  one.literal = std::move(value);
  return made(std::move(one));
}

ExpressionPtr Parser::named(const ExpressionPtr& expression, std::string alias) {
  if (alias.empty() || failed()) return expression;
  Expression copy = *expression;
  copy.alias = std::move(alias);
  return std::make_shared<const Expression>(std::move(copy));
}

}  // namespace grapevine::sql
