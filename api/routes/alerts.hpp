#pragma once

#include <absl/status/statusor.h>

#include "api/message.hpp"

namespace grapevine {

// Handlers of alerts: requests, answers and errors are the operations of these names in
// api/openapi.yaml.

absl::StatusOr<Response> list_alerts(const Request& request, const Context& context);
absl::StatusOr<Response> get_alert(const Request& request, const Context& context);
absl::StatusOr<Response> acknowledge_alert(const Request& request, const Context& context);
absl::StatusOr<Response> put_alert_webhook(const Request& request, const Context& context);
absl::StatusOr<Response> get_alert_webhook(const Request& request, const Context& context);
absl::StatusOr<Response> delete_alert_webhook(const Request& request, const Context& context);

}  // namespace grapevine
