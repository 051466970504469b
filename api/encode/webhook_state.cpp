#include "api/encode/webhook_state.hpp"

#include <string>

namespace grapevine {

void write_webhook_state(JsonWriter& json, const DeliveryDocument& delivery,
                         const WebhookTry& last) {
  const bool dead = !delivery.dead.empty();
  json.member("state", dead ? "dead" : delivery.failing_since ? "retrying" : "active");
  if (delivery.last_success) json.time_member("last_success", *delivery.last_success);
  if (delivery.failing_since) json.time_member("failing_since", *delivery.failing_since);
  const std::string& error = last.last_error.empty() ? delivery.dead : last.last_error;
  if (!error.empty()) {
    json.key("last_error");
    json.begin_object();
    json.member("detail", error);
    if (!last.last_error.empty()) json.time_member("ts", last.last_error_at);
    json.end_object();
  }
  if (!dead && last.next_try) json.time_member("next_try", *last.next_try);
}

}  // namespace grapevine
