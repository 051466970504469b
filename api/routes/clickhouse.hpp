#pragma once

#include <absl/status/statusor.h>

#include "api/message.hpp"

namespace grapevine {

/// ClickHouse's HTTP interface: a query as the parameter `query`, as the body, or both. `GET` writes
/// nothing. Without a query it says that the server is there, to a browser by a page with links into it.
absl::StatusOr<Response> answer_clickhouse(const Request& request, const Context& context);

/// `Ok.`
absl::StatusOr<Response> ping_clickhouse(const Request& request, const Context& context);

}  // namespace grapevine
