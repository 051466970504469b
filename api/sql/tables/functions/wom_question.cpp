#include "api/sql/tables/functions/wom_question.hpp"

#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {

absl::StatusOr<GraphSource> open_question(const GraphMoment& asked, const QueryContext& context) {
  if (asked.snapshot) {
    return query_error(QueryErrorCode::BadArguments,
                       "/snapshot: a query reads one snapshot, the newest one");
  }
  GraphSource source{context.snapshot, resolve_as_of(asked.as_of, *context.snapshot, context.api),
                     nullptr};
  GRAPEVINE_RETURN_IF_ERROR(find_graph(asked, context.api, source));
  return source;
}

}  // namespace grapevine::sql
