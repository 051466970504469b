#pragma once

#include <absl/status/statusor.h>

#include "api/message.hpp"

namespace grapevine {

/// GET /v1/influence, operation `rankInfluence`: customers by how much they are listened to.
absl::StatusOr<Response> rank_influence(const Request& request, const Context& context);

}  // namespace grapevine
