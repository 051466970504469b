#pragma once

#include <absl/status/statusor.h>

#include "api/message.hpp"

namespace grapevine {

/// `POST /v1/sql`: a query of the same engine as ClickHouse's interface, with this API's errors.
absl::StatusOr<Response> run_sql(const Request& request, const Context& context);

}  // namespace grapevine
