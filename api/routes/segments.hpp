#pragma once

#include <absl/status/statusor.h>

#include "api/message.hpp"

namespace grapevine {

// Handlers of segments and of the schema: requests, answers and errors are the operations of these
// names in api/openapi.yaml.

absl::StatusOr<Response> preview_segment(const Request& request, const Context& context);
absl::StatusOr<Response> overlap_segments(const Request& request, const Context& context);
absl::StatusOr<Response> put_segment(const Request& request, const Context& context);
absl::StatusOr<Response> get_segment(const Request& request, const Context& context);
absl::StatusOr<Response> delete_segment(const Request& request, const Context& context);
absl::StatusOr<Response> list_segments(const Request& request, const Context& context);
absl::StatusOr<Response> list_members(const Request& request, const Context& context);
absl::StatusOr<Response> profile_segment(const Request& request, const Context& context);
absl::StatusOr<Response> describe_schema(const Request& request, const Context& context);

}  // namespace grapevine
