#pragma once

#include "api/encode/json_writer.hpp"
#include "api/live/webhook_board.hpp"
#include "api/plan/webhook_document.hpp"

namespace grapevine {

/// How deliveries of a webhook stand, into an object that was begun: `state`, and what there is of
/// `last_success`, `failing_since`, `last_error` and `next_try`.
void write_webhook_state(JsonWriter& json, const DeliveryDocument& delivery,
                         const WebhookTry& last);

}  // namespace grapevine
