#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/status/status.h>

#include "api/sql/parse.hpp"
#include "api/sql/parse/lexer.hpp"
#include "api/sql/syntax.hpp"
#include "kernels/query/query_error.hpp"

namespace grapevine::sql {

/// A recursive-descent parser. The first fault stands: after it there are no more tokens, so that
/// every loop ends, and what is returned means nothing. Not thread-safe.
class Parser {
 public:
  Parser(std::string_view text, const ParseLimits& limits)
      : text_(text), limits_(limits), lexer_(text, limits.bytes_max) {}

  Statement statement();
  /// An expression with nothing after it.
  ExpressionPtr whole_expression();
  [[nodiscard]] const absl::Status& fault() const { return fault_; }

 private:
  using Expressions = std::vector<ExpressionPtr>;
  struct Operator;
  static constexpr int kLowest = 1;             ///< Of the ranks of operators.
  static constexpr int kAboveComparisons = 10;  ///< Of the ranks of operators.

  // Tokens: parser.cpp.
  const Token& token(std::size_t ahead = 0);
  void advance(std::size_t count = 1) { place_ += count; }
  [[nodiscard]] bool failed() const { return !fault_.ok(); }
  bool is_symbol(std::string_view symbol, std::size_t ahead = 0);
  bool is_word(std::string_view word, std::size_t ahead = 0);  ///< `word` in upper case.
  bool is_name(std::size_t ahead = 0);                         ///< A Word or QuotedName.
  bool are_words(std::initializer_list<std::string_view> words);
  bool take_symbol(std::string_view symbol);
  bool take_word(std::string_view word);
  bool take_words(std::initializer_list<std::string_view> words);
  void need_symbol(std::string_view symbol);
  void need_word(std::string_view word);
  std::string need_name(std::string_view what);
  std::string need_text(std::string_view what);
  std::string name_of_token(const Token& token);
  std::uint64_t need_count(std::string_view what);
  std::vector<std::string> need_path(std::string_view what);  ///< db.table
  void fail_expecting(std::string_view what);
  void fail(QueryErrorCode code, std::string_view message, std::size_t offset);
  void refuse(std::string_view what);  ///< NotImplemented, at the token.

  // Nodes: parser.cpp.
  bool enter(std::uint32_t offset);  ///< One level deeper; false: too deep.
  void leave() { --nesting_; }
  void fail_too_deep(std::size_t offset);
  ExpressionPtr made(Expression expression);
  ExpressionPtr function(std::string name, Expressions arguments, std::uint32_t offset);
  ExpressionPtr literal(LiteralValue value, std::uint32_t offset);
  ExpressionPtr subquery(std::uint32_t offset);
  ExpressionPtr subquery_of(QueryPtr query, std::uint32_t depth, std::uint32_t offset);
  ExpressionPtr named(const ExpressionPtr& expression, std::string alias);
  void deepen(std::uint32_t depth);

  // Operators: parse_operators.cpp.
  ExpressionPtr expression();
  ExpressionPtr binary(int lowest);
  ExpressionPtr binary_of(ExpressionPtr left, int lowest);
  ExpressionPtr applied(const Operator& op, const ExpressionPtr& left);
  ExpressionPtr merged(const Operator& op, const ExpressionPtr& left);
  ExpressionPtr unary();
  ExpressionPtr unary_inside();
  ExpressionPtr postfix(ExpressionPtr operand);
  ExpressionPtr element_of(ExpressionPtr operand);
  ExpressionPtr lambda(const ExpressionPtr& left);
  ExpressionPtr between(const ExpressionPtr& left, bool negated);
  ExpressionPtr quantified(std::string_view comparison, const ExpressionPtr& left);
  std::optional<Operator> operator_here();
  ExpressionPtr aliased(bool without_as);
  std::string alias(bool without_as);  ///< Empty: none.
  Expressions list(bool without_as);

  // Operands: parse_operand.cpp.
  ExpressionPtr operand();
  ExpressionPtr literal_cast();
  ExpressionPtr number();
  ExpressionPtr in_parentheses();
  ExpressionPtr array();
  ExpressionPtr parameter();
  ExpressionPtr asterisk(std::vector<std::string> qualifier, std::uint32_t offset);
  ExpressionPtr word();
  ExpressionPtr constant_word();
  ExpressionPtr identifier();
  ExpressionPtr case_expression();
  ExpressionPtr interval();
  bool is_interval();
  ExpressionPtr interval_of_text(std::string_view text, std::uint32_t offset);
  std::string interval_unit(std::string_view word);

  // Functions: parse_function.cpp, parse_special_function.cpp.
  ExpressionPtr call();
  Expressions arguments();
  ExpressionPtr argument();
  void after_call(Expression& call);
  ExpressionPtr special_call();
  ExpressionPtr cast_call();
  ExpressionPtr extract_call();
  ExpressionPtr substring_call();
  ExpressionPtr trim_call(std::string_view name);
  ExpressionPtr position_call();
  ExpressionPtr date_arithmetic_call(bool subtract);
  ExpressionPtr date_diff_call();
  std::string type_name();
  std::string type_argument();

  // Queries: parse_query.cpp, parse_select.cpp, parse_tables.cpp, parse_window.cpp.
  bool begins_query(std::size_t ahead = 0);
  bool continues_query();
  QueryPtr nested_query(std::uint32_t& depth);
  QueryPtr query();
  QueryPtr query_after(QueryPtr first);
  void fail_union();
  QueryPtr intersect_chain(QueryPtr left);
  QueryPtr set_operand();
  QueryPtr combined(Query::Kind kind, std::vector<QueryPtr> operands, std::uint32_t offset);
  Select select();
  void with_clause(Select& select);
  WithItem with_item();
  void select_clause(Select& select);
  void from_clause(Select& select);
  std::vector<ArrayJoin> array_joins();
  void group_by(Select& select);
  void group_by_modifiers(Select& select);
  void grouping_sets(Select& select);
  void order_by(Select& select);
  std::vector<OrderItem> order_items();
  OrderItem order_item();
  void limits(Select& select);
  void limit(Select& select);
  void offset_fetch(Select& select);
  Expressions column_list();
  TableExpressionPtr tables(std::vector<ArrayJoin>& last);
  TableExpressionPtr table();
  void table_suffixes(TableExpression& table);
  std::optional<TableExpression> join_here();
  void join_condition(TableExpression& join);
  WindowDefinition window_definition();
  std::shared_ptr<const WindowDefinition> over();
  void frame_bound(WindowFrame::Bound& bound, ExpressionPtr& offset);
  std::optional<WindowFrame> frame();
  std::vector<Setting> settings();

  // Statements: parse_statement.cpp, parse_insert.cpp.
  Statement unended_statement();
  Statement query_statement();
  void output_clauses(Statement& statement);
  Statement explain();
  Statement show();
  Statement show_tables();
  Statement show_columns();
  Statement show_create();
  void like_clause(Statement& statement);
  Statement describe();
  Statement exists();
  Statement insert();
  Statement kill();
  bool insert_data(Statement& statement);

  std::string_view text_;
  ParseLimits limits_;
  Lexer lexer_;
  std::vector<Token> tokens_;
  std::size_t place_ = 0;
  Token end_;
  absl::Status fault_;
  std::size_t nesting_ = 0;
  std::size_t nodes_ = 0;
  std::uint32_t deepest_ = 0;  ///< Of the expressions made since the present query began.
  std::uint32_t subqueries_ = 0;
};

}  // namespace grapevine::sql
