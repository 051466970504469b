#pragma once

#include <absl/status/status.h>

namespace grapevine {

/// A query's failure as a problem of `/v1/sql`: beside what every problem has, `code` and `name` of the
/// error by ClickHouse's list and, where the message says it, `line` and `column` in the query.
absl::Status query_problem(const absl::Status& failed);

}  // namespace grapevine
