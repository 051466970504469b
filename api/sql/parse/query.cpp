// SELECTs put together: UNION, INTERSECT, EXCEPT and parentheses.

#include <utility>

#include "api/sql/parse/parser.hpp"

namespace grapevine::sql {

// Whether a query stands there, rather than an expression.
bool Parser::begins_query(std::size_t ahead) {
  if (is_word("SELECT", ahead)) return true;
  if (is_word("WITH", ahead)) {
    // A name or an expression follows; as a column `with` would stand before an operator.
    const Token& next = token(ahead + 1);
    return next.kind != TokenKind::End && !is_symbol(",", ahead + 1) && !is_symbol(")", ahead + 1);
  }
  if (!is_word("FROM", ahead)) return false;
  return is_name(ahead + 1) || is_symbol("(", ahead + 1);
}

bool Parser::continues_query() {
  return is_word("UNION") || is_word("INTERSECT") || is_word("EXCEPT");
}

// A query inside of another one. `depth`: how deep its expressions are.
QueryPtr Parser::nested_query(std::uint32_t& depth) {
  if (!enter(token().offset)) return nullptr;
  const std::uint32_t around = std::exchange(deepest_, 0);
  QueryPtr inside = query();
  depth = std::exchange(deepest_, around);
  deepen(depth + 1);
  leave();
  return inside;
}

ExpressionPtr Parser::subquery(std::uint32_t offset) {
  std::uint32_t depth = 0;
  QueryPtr inside = nested_query(depth);
  return subquery_of(std::move(inside), depth, offset);
}

ExpressionPtr Parser::subquery_of(QueryPtr query, std::uint32_t depth, std::uint32_t offset) {
  Expression one;
  one.kind = Expression::Kind::Subquery;
  one.offset = offset;
  one.query = std::move(query);
  one.depth = depth + 1;
  one.number = ++subqueries_;
  return made(std::move(one));
}

QueryPtr Parser::query() { return query_after(set_operand()); }

// INTERSECT binds more than UNION and EXCEPT, which go from left to right.
QueryPtr Parser::query_after(QueryPtr first) {
  std::vector<QueryPtr> terms{intersect_chain(std::move(first))};
  Query::Kind kind = Query::Kind::Select;  // Of what `terms` are joined by so far.
  const std::uint32_t begin = token().offset;
  const auto join_as = [&](Query::Kind next) {
    if (kind != next && terms.size() > 1) terms = {combined(kind, std::move(terms), begin)};
    kind = next;
    terms.push_back(intersect_chain(set_operand()));
  };
  while (!failed() && (is_word("UNION") || is_word("EXCEPT"))) {
    const bool is_union = is_word("UNION");
    advance();
    const bool distinct = take_word("DISTINCT");
    const bool all = !distinct && take_word("ALL");
    if (is_union && !distinct && !all) {
      fail_union();
    } else if (is_union) {
      join_as(distinct ? Query::Kind::UnionDistinct : Query::Kind::UnionAll);
    } else {
      join_as(Query::Kind::Except);
      terms = {combined(std::exchange(kind, Query::Kind::Select), std::move(terms), begin)};
      if (distinct) terms = {combined(Query::Kind::UnionDistinct, std::move(terms), begin)};
    }
  }
  return terms.size() == 1 ? terms.front() : combined(kind, std::move(terms), begin);
}

void Parser::fail_union() {
  if (!is_symbol("(") && !begins_query()) return fail_expecting("ALL, DISTINCT or SELECT");
  fail(QueryErrorCode::ExpectedAllOrDistinct, "Expected ALL or DISTINCT after UNION",
       token().offset);
}

QueryPtr Parser::intersect_chain(QueryPtr left) {
  while (!failed() && is_word("INTERSECT")) {
    const std::uint32_t begin = token().offset;
    advance();
    const bool distinct = take_word("DISTINCT");
    if (!distinct) take_word("ALL");
    left = combined(Query::Kind::Intersect, {std::move(left), set_operand()}, begin);
    if (distinct) left = combined(Query::Kind::UnionDistinct, {std::move(left)}, begin);
  }
  return left;
}

QueryPtr Parser::combined(Query::Kind kind, std::vector<QueryPtr> operands, std::uint32_t offset) {
  auto all = std::make_shared<Query>();
  all->kind = kind;
  all->offset = offset;
  all->operands = std::move(operands);
  // Chains nest from the left.
  deepen(deepest_ + 1);
  if (deepest_ > limits_.depth_max) fail_too_deep(offset);
  return all;
}

// A SELECT, or a query in parentheses.
QueryPtr Parser::set_operand() {
  const std::uint32_t begin = token().offset;
  if (is_symbol("(")) {
    if (!enter(begin)) return nullptr;
    advance();
    QueryPtr inside = query();
    need_symbol(")");
    leave();
    return inside;
  }
  auto one = std::make_shared<Query>();
  one->offset = begin;
  one->select = select();
  return one;
}

}  // namespace grapevine::sql
