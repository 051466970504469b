#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "api/sql/execute/query_context.hpp"
#include "api/sql/running_queries.hpp"
#include "api/sql/syntax.hpp"

namespace grapevine::sql {

/// SHOW, EXISTS and their like as the SELECT over the system's tables that they stand for; empty where
/// the statement is none of them.
std::string as_select(const Statement& statement, const SessionFacts& facts);

/// What a statement answers that is no query: rows under names.
struct StatementRows {
  std::vector<ResultColumn> columns;
  Block block;
};

/// DESCRIBE: name, type, default_type, default_expression, comment, codec_expression, ttl_expression.
absl::StatusOr<StatementRows> describe_table(const Statement& statement, QueryContext& context,
                                             const Fields& parameters);

/// EXPLAIN: the plan, an operator a row. Subqueries that are values are run.
absl::StatusOr<StatementRows> explain(const Statement& statement, QueryContext& context,
                                      const Fields& parameters);

/// KILL QUERY WHERE ...: asks those queries of system.processes to end.
absl::StatusOr<StatementRows> kill_queries(const Statement& statement, QueryContext& context,
                                           const Fields& parameters);

/// Strings as a column.
ColumnPtr text_column(const std::vector<std::string>& texts);

}  // namespace grapevine::sql
