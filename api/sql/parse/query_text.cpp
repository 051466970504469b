#include "api/sql/query_text.hpp"

#include "api/sql/parse.hpp"
#include "api/sql/parse/lexer.hpp"
#include "api/sql/parse/literal_text.hpp"
#include "api/sql/parse/text.hpp"
#include "api/sql/parse/window_text.hpp"

namespace grapevine::sql {
namespace {

std::string list_text(const std::vector<ExpressionPtr>& list) {
  std::string text;
  for (const ExpressionPtr& one : list) text += concat(text.empty() ? "" : ", ", to_text(*one));
  return text;
}

void add_clause(std::string& text, std::string_view words, const ExpressionPtr& expression) {
  if (expression) text += concat(" ", words, " ", to_text(*expression));
}

std::string with_text(const Select& select) {
  std::string text;
  for (const WithItem& item : select.with) {
    text += text.empty() ? "WITH " : ", ";
    if (item.query) {
      text += concat(quoted_name(item.name), " AS (", query_text(*item.query), ")");
    } else {
      text += concat(to_text(*item.expression), " AS ", quoted_name(item.name));
    }
  }
  return text.empty() ? text : text + " ";
}

std::string sets_text(const std::vector<std::vector<ExpressionPtr>>& sets) {
  std::string text;
  for (const auto& set : sets) text += concat(text.empty() ? "" : ", ", "(", list_text(set), ")");
  return text;
}

// What is grouped by first. A call that the parser would take for a way to group stands in brackets.
std::string groups_text(const std::vector<ExpressionPtr>& group_by) {
  std::string text = list_text(group_by);
  const std::string_view word = std::string_view(text).substr(0, text.find('('));
  if (!same_word(word, "ROLLUP") && !same_word(word, "CUBE")) return text;
  const std::string first = to_text(*group_by.front());
  return concat("(", first, ")", std::string_view(text).substr(first.size()));
}

void add_grouping(std::string& text, const Select& select) {
  using GroupBy = Select::GroupBy;
  if (select.group_by_all) text += " GROUP BY ALL";
  if (!select.group_by.empty()) text += concat(" GROUP BY ", groups_text(select.group_by));
  if (select.group_by_kind == GroupBy::GroupingSets) {
    text += concat(" GROUP BY GROUPING SETS (", sets_text(select.grouping_sets), ")");
  }
  if (select.group_by_kind == GroupBy::Rollup) text += " WITH ROLLUP";
  if (select.group_by_kind == GroupBy::Cube) text += " WITH CUBE";
  if (select.with_totals) text += " WITH TOTALS";
}

void add_limit(std::string& text, const Limit& limit) {
  add_clause(text, "LIMIT", limit.count);
  add_clause(text, "OFFSET", limit.offset);
}

void add_limits(std::string& text, const Select& select) {
  if (select.limit_by) {
    add_limit(text, select.limit_by->limit);
    text += concat(" BY ", list_text(select.limit_by->by));
  }
  if (!select.limit) return;
  add_limit(text, *select.limit);
  if (select.limit->with_ties) text += " WITH TIES";
}

std::string settings_text(const std::vector<Setting>& settings) {
  std::string text;
  for (const Setting& one : settings) {
    text += concat(text.empty() ? "" : ", ", quoted_name(one.name), " = ", literal_text(one.value));
  }
  return text;
}

std::string array_joins_text(const std::vector<ArrayJoin>& joins) {
  std::string text;
  for (const ArrayJoin& join : joins) {
    text += concat(join.left ? " LEFT" : "", " ARRAY JOIN ", list_text(join.expressions));
  }
  return text;
}

std::string select_text(const Select& select) {
  std::string text = with_text(select);
  text += "SELECT ";
  if (select.distinct) text += "DISTINCT ";
  if (!select.distinct_on.empty()) {
    text += concat("DISTINCT ON (", list_text(select.distinct_on), ") ");
  }
  text += list_text(select.columns);
  if (select.from) text += concat(" FROM ", table_text(*select.from));
  text += array_joins_text(select.array_joins);
  add_clause(text, "PREWHERE", select.prewhere);
  add_clause(text, "WHERE", select.where);
  add_grouping(text, select);
  add_clause(text, "HAVING", select.having);
  for (const auto& [name, window] : select.windows) {
    text += concat(&name == &select.windows.front().first ? " WINDOW " : ", ", quoted_name(name),
                   " AS ", window_text(window, to_text));
  }
  add_clause(text, "QUALIFY", select.qualify);
  const char* mark = " ORDER BY ";
  for (const OrderItem& item : select.order_by) {
    text += mark;
    text += select.order_by_all ? concat("ALL", order_words(item)) : order_text(item, to_text);
    mark = ", ";
  }
  add_limits(text, select);
  if (!select.settings.empty()) text += concat(" SETTINGS ", settings_text(select.settings));
  return text;
}

std::string_view set_words(Query::Kind kind) {
  switch (kind) {
    case Query::Kind::UnionAll: return " UNION ALL ";
    case Query::Kind::UnionDistinct: return " UNION DISTINCT ";
    case Query::Kind::Intersect: return " INTERSECT ";
    default: return " EXCEPT ";
  }
}

std::string join_words(const TableExpression& join) {
  using Join = TableExpression::Join;
  using Strictness = TableExpression::Strictness;
  std::string text;
  switch (join.strictness) {
    case Strictness::All: break;
    case Strictness::Any: text += " ANY"; break;
    case Strictness::Semi: text += " SEMI"; break;
    case Strictness::Anti: text += " ANTI"; break;
    case Strictness::Asof: text += " ASOF"; break;
  }
  switch (join.join) {
    case Join::Inner: text += " INNER"; break;
    case Join::Left: text += " LEFT"; break;
    case Join::Right: text += " RIGHT"; break;
    case Join::Full: text += " FULL"; break;
    case Join::Cross: text += " CROSS"; break;
  }
  return text + " JOIN ";
}

std::string joined_tables_text(const TableExpression& join) {
  std::string text = concat(table_text(*join.left), array_joins_text(join.array_joins),
                            join_words(join), table_text(*join.right));
  add_clause(text, "ON", join.on);
  for (const std::string& name : join.using_columns) {
    text += concat(&name == &join.using_columns.front() ? " USING (" : ", ", quoted_name(name));
  }
  if (!join.using_columns.empty()) text += ")";
  return text;
}

}  // namespace

std::string query_text(const Query& query) {
  if (query.kind == Query::Kind::Select) return select_text(query.select);
  // EXCEPT DISTINCT is the distinct rows of one operand.
  const bool distinct = query.operands.size() == 1;
  const Query& set = distinct ? *query.operands.front() : query;
  std::string text;
  for (const QueryPtr& operand : set.operands) {
    if (!text.empty()) text += concat(set_words(set.kind), distinct ? "DISTINCT " : "");
    text += concat("(", query_text(*operand), ")");
  }
  return text;
}

std::string table_text(const TableExpression& table) {
  if (table.kind == TableExpression::Kind::Join) return joined_tables_text(table);
  std::string text;
  switch (table.kind) {
    case TableExpression::Kind::Function:
      text = concat(quoted_name(table.name), "(", list_text(table.arguments), ")");
      break;
    case TableExpression::Kind::Subquery: text = concat("(", query_text(*table.query), ")"); break;
    default:
      if (!table.parameter.empty())
        text = concat("{", quoted_name(table.parameter), ":Identifier}");
      for (const std::string& part : table.parts) {
        text += concat(text.empty() ? "" : ".", quoted_name(part));
      }
  }
  if (!table.alias.empty()) text += concat(" AS ", quoted_name(table.alias));
  for (const std::string& name : table.column_aliases) {
    text += concat(&name == &table.column_aliases.front() ? "(" : ", ", quoted_name(name));
  }
  if (!table.column_aliases.empty()) text += ")";
  if (table.final) text += " FINAL";
  add_clause(text, "SAMPLE", table.sample);
  return text;
}

}  // namespace grapevine::sql
