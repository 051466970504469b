#pragma once

#include <absl/status/statusor.h>

#include "api/message.hpp"

namespace grapevine {

// How changes of segments are told. Requests, answers and errors: api/openapi.yaml.
absl::StatusOr<Response> list_changes(const Request& request, const Context& context);
absl::StatusOr<Response> show_history(const Request& request, const Context& context);
absl::StatusOr<Response> put_webhook(const Request& request, const Context& context);
absl::StatusOr<Response> get_webhook(const Request& request, const Context& context);
absl::StatusOr<Response> delete_webhook(const Request& request, const Context& context);

}  // namespace grapevine
