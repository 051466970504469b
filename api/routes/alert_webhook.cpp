#include <algorithm>
#include <mutex>
#include <string>
#include <utility>

#include "api/encode/json_writer.hpp"
#include "api/encode/webhook_state.hpp"
#include "api/error.hpp"
#include "api/live/webhook_board.hpp"
#include "api/parse/query_reader.hpp"
#include "api/parse/webhook_request.hpp"
#include "api/plan/alert_document.hpp"
#include "api/plan/webhook_document.hpp"
#include "api/routes/alerts.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

absl::Status check_request(const Request& request, const Context& context) {
  Mistakes mistakes;
  QueryReader(request.query, mistakes).refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  if (context.webhooks != nullptr) return absl::OkStatus();
  return problem(ErrorCode::Unavailable, "this server sends no webhooks");
}

absl::Status no_webhook() { return problem(ErrorCode::NotFound, "alerts have no webhook"); }

// The webhook as it stands; its secret is told to nobody.
absl::StatusOr<Response> describe(const Context& context) {
  const auto snapshot = context.store.snapshot();
  const auto webhook = find_webhook(*snapshot, kAlertsWebhook);
  if (!webhook) return no_webhook();
  const DeliveryDocument delivery = find_delivery(*snapshot, kAlertsWebhook, *webhook);
  const auto position = position_of(*webhook, delivery);
  const std::uint64_t last = read_alert_state(*snapshot).last_change;
  const std::string name(kAlertsWebhook);
  JsonWriter json;
  json.begin_object();
  json.member("url", webhook->url);
  json.member("batch", webhook->batch);
  write_webhook_state(json, delivery, context.webhooks->find(name, webhook->revision));
  json.member("waiting", last - std::min(last, position ? position->position : 0));
  json.time_member("as_of", context.now_ms);
  json.member("snapshot", snapshot->number());
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

}  // namespace

// PUT /v1/alerts/webhook: another receiver begins with what comes now, the same one goes on.
absl::StatusOr<Response> put_alert_webhook(const Request& request, const Context& context) {
  GRAPEVINE_RETURN_IF_ERROR(check_request(request, context));
  GRAPEVINE_ASSIGN_OR_RETURN(
      const WebhookRequest asked,
      parse_webhook_request(request.body, context.webhooks->reach(), WebhookOf::Alerts));
  {
    const std::lock_guard lock(alert_changes);
    const auto snapshot = context.store.snapshot();
    WebhookDocument webhook{asked.url, asked.secret, asked.batch, {}, snapshot->number(), {}};
    webhook.begin = ChangeCursor{0, read_alert_state(*snapshot).last_change};
    const auto before = find_webhook(*snapshot, kAlertsWebhook);
    if (before && before->url == asked.url) {
      webhook.begin = position_of(*before, find_delivery(*snapshot, kAlertsWebhook, *before));
    }
    GRAPEVINE_RETURN_IF_ERROR(context.store.put_document(kWebhookDocuments, kAlertsWebhook,
                                                         write_webhook_document(webhook)));
  }
  return describe(context);
}

// GET /v1/alerts/webhook
absl::StatusOr<Response> get_alert_webhook(const Request& request, const Context& context) {
  GRAPEVINE_RETURN_IF_ERROR(check_request(request, context));
  return describe(context);
}

// DELETE /v1/alerts/webhook
absl::StatusOr<Response> delete_alert_webhook(const Request& request, const Context& context) {
  GRAPEVINE_RETURN_IF_ERROR(check_request(request, context));
  const std::lock_guard lock(alert_changes);
  if (!find_webhook(*context.store.snapshot(), kAlertsWebhook)) return no_webhook();
  GRAPEVINE_RETURN_IF_ERROR(remove_webhook(context.store, kAlertsWebhook));
  return Response{204, "", {}, ""};
}

}  // namespace grapevine
