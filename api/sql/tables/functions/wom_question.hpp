#pragma once

#include <absl/status/statusor.h>

#include "api/plan/people.hpp"
#include "api/sql/execute/query_context.hpp"

namespace grapevine::sql {

/// The graph of a question about word of mouth, over the snapshot of the query that asks it.
/// Errors  BadArguments (36): it asks for another snapshot. Cancelled.
absl::StatusOr<GraphSource> open_question(const GraphMoment& asked, const QueryContext& context);

}  // namespace grapevine::sql
