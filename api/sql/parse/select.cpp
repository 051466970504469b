// One SELECT, clause by clause.

#include <utility>

#include "api/sql/parse/parser.hpp"

namespace grapevine::sql {

Select Parser::select() {
  Select select;
  if (is_word("WITH")) with_clause(select);
  const bool from_first = is_word("FROM");
  if (from_first) from_clause(select);
  need_word("SELECT");
  select_clause(select);
  if (!from_first && is_word("FROM")) from_clause(select);
  if (take_word("PREWHERE")) select.prewhere = aliased(false);
  if (take_word("WHERE")) select.where = aliased(false);
  if (take_words({"GROUP", "BY"})) group_by(select);
  group_by_modifiers(select);
  if (take_word("HAVING")) select.having = aliased(false);
  if (take_word("WINDOW")) {
    do {
      std::string name = need_name("the name of a window");
      need_word("AS");
      select.windows.emplace_back(std::move(name), window_definition());
    } while (!failed() && take_symbol(","));
  }
  if (take_word("QUALIFY")) select.qualify = aliased(false);
  if (take_words({"ORDER", "BY"})) order_by(select);
  limits(select);
  if (take_word("SETTINGS")) select.settings = settings();
  return select;
}

void Parser::with_clause(Select& select) {
  advance();
  if (is_word("RECURSIVE") && is_name(1) && !is_word("AS", 1)) return refuse("WITH RECURSIVE");
  do {
    WithItem item = with_item();
    // What has no name cannot be used.
    if (!item.name.empty()) select.with.push_back(std::move(item));
  } while (!failed() && take_symbol(",") && !is_word("SELECT"));
}

// name AS (SELECT ...), or expression AS name.
WithItem Parser::with_item() {
  WithItem item;
  if (is_name() && is_word("AS", 1) && is_symbol("(", 2)) {
    item.name = need_name("a name");
    advance(2);
    std::uint32_t depth = 0;
    item.query = nested_query(depth);
    need_symbol(")");
    return item;
  }
  if (is_name() && is_symbol("(", 1) && is_name(2) && (is_symbol(",", 3) || is_symbol(")", 3)) &&
      !is_word("SELECT", 2)) {
    // name(a, b) AS (SELECT ...), which f(x) AS name begins like.
    std::size_t end = 3;
    while (is_symbol(",", end) && is_name(end + 1)) end += 2;
    if (is_symbol(")", end) && is_word("AS", end + 1) && is_symbol("(", end + 2)) {
      refuse("A list of columns of a WITH query");
      return item;
    }
  }
  ExpressionPtr value = expression();
  item.name = alias(true);
  item.expression = std::move(value);
  return item;
}

void Parser::select_clause(Select& select) {
  if (are_words({"DISTINCT", "ON"}) && is_symbol("(", 2)) {
    advance(3);
    select.distinct_on = list(false);
    need_symbol(")");
  } else if (take_word("DISTINCT")) {
    select.distinct = true;
  } else if (is_word("ALL") && !is_symbol(",", 1)) {
    advance();
  }
  select.columns = column_list();
}

// A comma may stand after the last one.
Parser::Expressions Parser::column_list() {
  Expressions columns;
  do {
    columns.push_back(aliased(true));
    if (!take_symbol(",")) break;
  } while (!failed() && token().kind != TokenKind::End && !is_symbol(")") && !is_symbol(";") &&
           !(begins_query() && is_word("FROM")));
  return columns;
}

void Parser::from_clause(Select& select) {
  advance();
  select.from = tables(select.array_joins);
}

void Parser::group_by(Select& select) {
  using GroupBy = Select::GroupBy;
  if (is_word("ALL") && !is_symbol(",", 1) && !is_symbol(".", 1) && !is_symbol("(", 1)) {
    advance();
    select.group_by_all = true;
  } else if (are_words({"GROUPING", "SETS"}) && is_symbol("(", 2)) {
    advance(3);
    select.group_by_kind = GroupBy::GroupingSets;
    do {
      std::vector<ExpressionPtr> set;
      if (!take_symbol("(")) {
        set.push_back(aliased(false));
      } else if (!take_symbol(")")) {
        set = list(false);
        need_symbol(")");
      }
      select.grouping_sets.push_back(std::move(set));
    } while (!failed() && take_symbol(","));
    need_symbol(")");
  } else if ((is_word("ROLLUP") || is_word("CUBE")) && is_symbol("(", 1)) {
    select.group_by_kind = is_word("ROLLUP") ? GroupBy::Rollup : GroupBy::Cube;
    advance(2);
    select.group_by = list(false);
    need_symbol(")");
  } else {
    select.group_by = list(false);
  }
}

void Parser::group_by_modifiers(Select& select) {
  using GroupBy = Select::GroupBy;
  for (;;) {
    if (take_words({"WITH", "ROLLUP"})) {
      select.group_by_kind = GroupBy::Rollup;
    } else if (take_words({"WITH", "CUBE"})) {
      select.group_by_kind = GroupBy::Cube;
    } else if (take_words({"WITH", "TOTALS"})) {
      select.with_totals = true;
    } else {
      return;
    }
  }
}

void Parser::order_by(Select& select) {
  const bool all = is_word("ALL") && !is_symbol(",", 1) && !is_symbol(".", 1) && !is_symbol("(", 1);
  const std::uint32_t begin = token().offset;
  select.order_by = order_items();
  const Expression& first = *select.order_by.front().expression;
  if (!all || select.order_by.size() > 1 || first.kind != Expression::Kind::Identifier) return;
  select.order_by_all = true;
  Expression columns;
  columns.kind = Expression::Kind::Identifier;
  columns.offset = begin;
  columns.parts = {"ALL"};
  select.order_by.front().expression = made(std::move(columns));
}

std::vector<OrderItem> Parser::order_items() {
  std::vector<OrderItem> items;
  do {
    items.push_back(order_item());
  } while (!failed() && take_symbol(","));
  return items;
}

OrderItem Parser::order_item() {
  OrderItem item;
  item.expression = aliased(false);
  if (take_word("DESC") || take_word("DESCENDING")) {
    item.descending = true;
  } else if (!take_word("ASC")) {
    take_word("ASCENDING");
  }
  if (take_words({"NULLS", "FIRST"})) {
    item.nulls_first = true;
  } else if (take_words({"NULLS", "LAST"})) {
    item.nulls_first = false;
  }
  if (is_word("COLLATE")) refuse("COLLATE");
  if (are_words({"WITH", "FILL"})) refuse("WITH FILL");
  return item;
}

void Parser::limits(Select& select) {
  if (take_word("LIMIT")) {
    limit(select);
    // LIMIT 1 BY a LIMIT 10
    if (select.limit_by && !select.limit && take_word("LIMIT")) limit(select);
  }
  if (!(select.limit && select.limit->offset) && is_word("OFFSET")) offset_fetch(select);
}

void Parser::limit(Select& select) {
  const std::uint32_t begin = token().offset;
  Limit limit;
  limit.count = expression();
  if (take_symbol(",")) {
    limit.offset = std::exchange(limit.count, expression());
  } else if (is_word("OFFSET")) {
    advance();
    limit.offset = expression();
  }
  if (take_words({"WITH", "TIES"})) limit.with_ties = true;
  if (take_word("BY")) {
    if (select.limit_by || limit.with_ties) {
      fail(QueryErrorCode::SyntaxError, "Expected one LIMIT BY, without WITH TIES", begin);
    }
    select.limit_by = LimitBy{std::move(limit), list(false)};
  } else {
    select.limit = std::move(limit);
  }
}

// OFFSET 10 ROWS FETCH FIRST 5 ROWS ONLY
void Parser::offset_fetch(Select& select) {
  advance();
  if (!select.limit) select.limit.emplace();
  select.limit->offset = expression();
  if (!take_word("ROWS")) take_word("ROW");
  if (!take_word("FETCH")) return;
  if (select.limit->count) return fail_expecting("no FETCH after LIMIT");
  if (!take_word("FIRST")) need_word("NEXT");
  select.limit->count = expression();
  if (!take_word("ROWS")) need_word("ROW");
  if (take_words({"WITH", "TIES"})) {
    select.limit->with_ties = true;
  } else {
    need_word("ONLY");
  }
}

}  // namespace grapevine::sql
