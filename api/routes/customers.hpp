#pragma once

#include <absl/status/statusor.h>

#include "api/message.hpp"

namespace grapevine {

// Handlers of what concerns one person: requests, answers and errors are the operations of these
// names in api/openapi.yaml.

absl::StatusOr<Response> get_customer(const Request& request, const Context& context);
absl::StatusOr<Response> put_attributes(const Request& request, const Context& context);
absl::StatusOr<Response> explain_identities(const Request& request, const Context& context);
absl::StatusOr<Response> unmerge_customer(const Request& request, const Context& context);
absl::StatusOr<Response> export_customer(const Request& request, const Context& context);
absl::StatusOr<Response> erase_customer(const Request& request, const Context& context);

}  // namespace grapevine
