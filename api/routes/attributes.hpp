#pragma once

#include <absl/status/statusor.h>

#include "api/message.hpp"

namespace grapevine {

// Handlers of computed attributes: requests, answers and errors are the operations of these names
// in api/openapi.yaml.

absl::StatusOr<Response> put_attribute(const Request& request, const Context& context);
absl::StatusOr<Response> get_attribute(const Request& request, const Context& context);
absl::StatusOr<Response> delete_attribute(const Request& request, const Context& context);

}  // namespace grapevine
