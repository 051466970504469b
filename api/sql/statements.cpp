#include "api/sql/statements.hpp"

#include "api/sql/bind/planner.hpp"
#include "api/sql/execute/execute.hpp"
#include "api/sql/parse.hpp"
#include "api/sql/parse/lexer.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

std::string like_condition(const std::optional<Statement::Like>& like, std::string_view column) {
  if (!like) return "1";
  return std::string(column) + (like->negated ? " NOT" : "") +
         (like->case_insensitive ? " ILIKE " : " LIKE ") + quoted_literal(like->pattern);
}

std::string table_conditions(const std::vector<std::string>& table, const SessionFacts& facts,
                             std::string_view column) {
  const std::string& database = table.size() > 1 ? table[0] : facts.database;
  return "database = " + quoted_literal(database) + " AND " + std::string(column) + " = " +
         quoted_literal(table.empty() ? "" : table.back());
}

}  // namespace

ColumnPtr text_column(const std::vector<std::string>& texts) {
  TextBuilder builder(texts.size());
  for (const std::string& text : texts) builder.add(text);
  return std::move(builder).finish(false);
}

std::string as_select(const Statement& statement, const SessionFacts& facts) {
  const std::string& database = statement.database.empty() ? facts.database : statement.database;
  const std::string limit =
      statement.limit ? " LIMIT " + std::to_string(*statement.limit) : std::string();
  using Kind = Statement::Kind;
  switch (statement.kind) {
    case Kind::ShowDatabases:
      return "SELECT name FROM system.databases WHERE " + like_condition(statement.like, "name") +
             " ORDER BY name" + limit;
    case Kind::ShowTables:
      return "SELECT name FROM system.tables WHERE database = " + quoted_literal(database) +
             " AND " + like_condition(statement.like, "name") + " ORDER BY name" + limit;
    case Kind::ShowColumns:
      return "SELECT name AS field, type, if(startsWith(type, 'Nullable'), 'YES', 'NO') AS `null`, "
             "'' AS key, CAST(NULL, 'Nullable(String)') AS `default`, '' AS extra FROM "
             "system.columns WHERE " +
             table_conditions(statement.table, facts, "table") + " AND " +
             like_condition(statement.like, "name") + " ORDER BY name" + limit;
    case Kind::ShowCreate:
      return "SELECT create_table_query AS statement FROM system.tables WHERE " +
             table_conditions(statement.table, facts, "name");
    case Kind::ShowProcesslist: return "SELECT * FROM system.processes";
    case Kind::ShowSettings:
      return "SELECT name, type, value FROM system.settings WHERE " +
             like_condition(statement.like, "name") + " ORDER BY name" + limit;
    case Kind::ShowFunctions:
      return "SELECT * FROM system.functions WHERE " + like_condition(statement.like, "name") +
             " ORDER BY name" + limit;
    case Kind::Exists:
      return "SELECT toUInt8(count() > 0) AS result FROM system.tables WHERE " +
             table_conditions(statement.table, facts, "name");
    default: return "";
  }
}

absl::StatusOr<StatementRows> describe_table(const Statement& statement, QueryContext& context,
                                             const Fields& parameters) {
  Planner planner(context, parameters);
  const Environment nothing;
  std::vector<std::string> names;
  std::vector<std::string> types;
  std::vector<std::string> comments;
  GRAPEVINE_ASSIGN_OR_RETURN(const Planner::From from,
                             planner.plan_from(statement.from.get(), nothing));
  for (std::size_t i = 0; i < from.plan->columns.size(); ++i) {
    names.push_back(from.plan->columns[i].name);
    types.push_back(name_of(from.plan->columns[i].type));
    comments.push_back(from.plan->table == nullptr ? "" : from.plan->table->columns()[i].comment);
  }
  StatementRows rows;
  for (const char* name : {"name", "type", "default_type", "default_expression", "comment",
                           "codec_expression", "ttl_expression"}) {
    rows.columns.push_back({name, plain(TypeId::String)});
  }
  const std::size_t count = names.size();
  const ColumnPtr none = constant_text("", count);
  rows.block = {
      count,
      {text_column(names), text_column(types), none, none, text_column(comments), none, none}};
  return rows;
}

absl::StatusOr<StatementRows> explain(const Statement& statement, QueryContext& context,
                                      const Fields& parameters) {
  Planner planner(context, parameters);
  GRAPEVINE_ASSIGN_OR_RETURN(const PlanPtr plan, planner.plan(*statement.query));
  const std::vector<std::string> lines = describe(*plan, context);
  return StatementRows{{{"explain", plain(TypeId::String)}}, {lines.size(), {text_column(lines)}}};
}

absl::StatusOr<StatementRows> kill_queries(const Statement& statement, QueryContext& context,
                                           const Fields& parameters) {
  // The condition is evaluated as that of a SELECT.
  GRAPEVINE_ASSIGN_OR_RETURN(Statement select,
                             parse_statement("SELECT query_id, user, query FROM system.processes"));
  auto query = std::make_shared<Query>(*select.query);
  query->select.where = statement.where;
  Planner planner(context, parameters);
  GRAPEVINE_ASSIGN_OR_RETURN(const PlanPtr plan, planner.plan(*query));
  GRAPEVINE_ASSIGN_OR_RETURN(Block found, execute_whole(*plan, context));
  const bool test = statement.kill_mode == "TEST";
  std::vector<std::string> outcomes;
  for (std::size_t row = 0; row < found.rows; ++row) {
    const std::string_view id = found.columns[0]->text(row);
    if (!test && context.api.queries != nullptr && id != context.facts.query_id) {
      context.api.queries->kill(id);
    }
    outcomes.emplace_back(test ? "unknown" : "waiting");
  }
  StatementRows rows;
  for (const char* name : {"kill_status", "query_id", "user", "query"}) {
    rows.columns.push_back({name, plain(TypeId::String)});
  }
  rows.block.rows = found.rows;
  rows.block.columns.push_back(text_column(outcomes));
  for (ColumnPtr& column : found.columns) rows.block.columns.push_back(std::move(column));
  return rows;
}

}  // namespace grapevine::sql
