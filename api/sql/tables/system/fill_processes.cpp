#include "api/sql/execute/query_context.hpp"
#include "api/sql/running_queries.hpp"
#include "api/sql/tables/system/fill.hpp"

namespace grapevine::sql {

absl::Status fill_processes(RowsBuilder& rows, QueryContext& context) {
  if (context.api.queries == nullptr) return absl::OkStatus();
  for (const RunningQueries::Shown& query : context.api.queries->all()) {
    rows.add({{"is_initial_query", 1},
              {"user", query.user},
              {"query_id", query.query_id},
              {"initial_user", query.user},
              {"initial_query_id", query.query_id},
              {"interface", 2},  // HTTP.
              {"elapsed", query.elapsed_s},
              {"is_cancelled", query.killed},
              {"read_rows", query.read_rows},
              {"read_bytes", query.read_bytes},
              {"total_rows_approx", query.total_rows},
              {"memory_usage", query.memory_bytes},
              {"peak_memory_usage", query.memory_bytes},
              {"query", query.text}});
  }
  return absl::OkStatus();
}

}  // namespace grapevine::sql
