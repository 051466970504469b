// FROM: tables, functions of tables, subqueries, and joins of them.

#include <utility>

#include "api/sql/parse/parser.hpp"
#include "api/sql/parse/text.hpp"

namespace grapevine::sql {

// Tables and their joins. `last`: the ARRAY JOINs behind all of them.
TableExpressionPtr Parser::tables(std::vector<ArrayJoin>& last) {
  TableExpressionPtr left = table();
  std::uint32_t joins = 0;
  while (!failed()) {
    last = array_joins();
    std::optional<TableExpression> join = join_here();
    if (!join) break;
    join->left = std::move(left);
    join->array_joins = std::exchange(last, {});
    join->right = table();
    join_condition(*join);
    left = std::make_shared<const TableExpression>(*std::move(join));
    if (++joins > limits_.depth_max) fail_too_deep(left->offset);
  }
  deepen(deepest_ + joins);
  if (deepest_ > limits_.depth_max) fail_too_deep(token().offset);
  return left;
}

std::vector<ArrayJoin> Parser::array_joins() {
  const auto begins = [this] {
    return are_words({"ARRAY", "JOIN"}) || are_words({"LEFT", "ARRAY", "JOIN"}) ||
           are_words({"INNER", "ARRAY", "JOIN"});
  };
  std::vector<ArrayJoin> joins;
  while (!failed() && begins()) {
    ArrayJoin join;
    join.left = is_word("LEFT");
    advance(is_word("ARRAY") ? 2 : 3);
    join.expressions = list(true);
    joins.push_back(std::move(join));
  }
  return joins;
}

TableExpressionPtr Parser::table() {
  auto one = std::make_shared<TableExpression>();
  one->offset = token().offset;
  if (take_symbol("(")) {
    one->kind = TableExpression::Kind::Subquery;
    std::uint32_t depth = 0;
    one->query = nested_query(depth);
    need_symbol(")");
  } else if (is_name() && is_symbol("(", 1)) {
    one->kind = TableExpression::Kind::Function;
    one->name = need_name("a function");
    advance();
    one->arguments = arguments();
  } else if (is_symbol("{")) {
    const ExpressionPtr name = parameter();
    if (name->parts.size() == 2) one->parameter = name->parts[0];
    if (!failed() && !same_word(name->parts[1], "Identifier")) {
      fail(QueryErrorCode::SyntaxError, "Expected {name:Identifier}", one->offset);
    }
  } else {
    one->parts = need_path("a table, a function of tables or a subquery");
  }
  table_suffixes(*one);
  return one;
}

void Parser::table_suffixes(TableExpression& table) {
  const auto take_final = [&] { table.final = take_word("FINAL") || table.final; };
  take_final();
  table.alias = alias(true);
  if (!table.alias.empty() && is_symbol("(") && is_name(1)) {
    advance();
    do {
      table.column_aliases.push_back(need_name("the name of a column"));
    } while (!failed() && take_symbol(","));
    need_symbol(")");
  }
  take_final();
  if (take_word("SAMPLE")) {
    table.sample = expression();
    if (take_word("OFFSET")) expression();
  }
}

// The words of a join in any order that ClickHouse takes: LEFT ANY JOIN, ANY LEFT JOIN, a comma.
std::optional<TableExpression> Parser::join_here() {
  using Join = TableExpression::Join;
  using Strictness = TableExpression::Strictness;
  TableExpression join;
  join.kind = TableExpression::Kind::Join;
  join.offset = token().offset;
  if (take_symbol(",")) {
    join.join = Join::Cross;
    return join;
  }
  std::size_t words = 0;
  std::optional<Join> side;
  std::optional<Strictness> strictness;
  for (; !is_word("JOIN", words); ++words) {
    const auto set = [](auto& value, auto to) {
      if (value) return false;
      value = to;
      return true;
    };
    bool known = false;
    if (is_word("GLOBAL", words) || is_word("LOCAL", words)) known = words == 0;
    if (is_word("OUTER", words)) known = side && *side != Join::Inner && *side != Join::Cross;
    if (is_word("INNER", words)) known = set(side, Join::Inner);
    if (is_word("LEFT", words)) known = set(side, Join::Left);
    if (is_word("RIGHT", words)) known = set(side, Join::Right);
    if (is_word("FULL", words)) known = set(side, Join::Full);
    if (is_word("CROSS", words)) known = set(side, Join::Cross);
    if (is_word("ALL", words)) known = set(strictness, Strictness::All);
    if (is_word("ANY", words)) known = set(strictness, Strictness::Any);
    if (is_word("SEMI", words)) known = set(strictness, Strictness::Semi);
    if (is_word("ANTI", words)) known = set(strictness, Strictness::Anti);
    if (is_word("ASOF", words)) known = set(strictness, Strictness::Asof);
    if ((is_word("NATURAL", words) || is_word("PASTE", words)) && words == 0 &&
        (is_word("JOIN", 1) || is_word("JOIN", 2) || is_word("JOIN", 3))) {
      refuse(is_word("PASTE") ? "PASTE JOIN" : "NATURAL JOIN");
    }
    if (!known) return std::nullopt;
  }
  advance(words + 1);
  join.strictness = strictness.value_or(Strictness::All);
  const bool one_sided = join.strictness == Strictness::Semi || join.strictness == Strictness::Anti;
  join.join = side.value_or(one_sided ? Join::Left : Join::Inner);
  return join;
}

void Parser::join_condition(TableExpression& join) {
  if (join.join == TableExpression::Join::Cross) {
    if (is_word("ON") || is_word("USING")) fail_expecting("no ON or USING after CROSS JOIN");
    return;
  }
  if (take_word("ON")) {
    join.on = expression();
  } else if (take_word("USING")) {
    const bool in_parentheses = take_symbol("(");
    do {
      join.using_columns.push_back(need_name("the name of a column"));
    } while (!failed() && take_symbol(","));
    if (in_parentheses) need_symbol(")");
  } else {
    fail_expecting("ON or USING");
  }
}

}  // namespace grapevine::sql
