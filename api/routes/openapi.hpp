#pragma once

#include <absl/status/statusor.h>

#include "api/message.hpp"

namespace grapevine {

absl::StatusOr<Response> openapi(const Request& request, const Context& context);

}  // namespace grapevine
