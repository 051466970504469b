#pragma once

#include <absl/status/statusor.h>

#include "api/message.hpp"

namespace grapevine {

/// GET /v1/listen/cascade: operation `traceCascade` in api/openapi.yaml.
absl::StatusOr<Response> trace_cascade(const Request& request, const Context& context);

}  // namespace grapevine
