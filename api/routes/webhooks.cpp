#include <algorithm>
#include <mutex>
#include <string>
#include <utility>

#include "api/encode/json_writer.hpp"
#include "api/encode/webhook_state.hpp"
#include "api/error.hpp"
#include "api/execute/change_page.hpp"
#include "api/live/webhook_board.hpp"
#include "api/parse/query_reader.hpp"
#include "api/parse/webhook_request.hpp"
#include "api/plan/segment_document.hpp"
#include "api/plan/webhook_document.hpp"
#include "api/routes/changes.hpp"
#include "api/routes/segment_changes.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kWebhooksMax = 1000;

const std::string& segment_of(const Request& request) {
  return *find_field(request.path_parameters, "name");
}

absl::Status check_request(const Request& request, const Context& context) {
  Mistakes mistakes;
  QueryReader(request.query, mistakes).refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  if (context.webhooks != nullptr) return absl::OkStatus();
  return problem(ErrorCode::Unavailable, "this server sends no webhooks");
}

absl::Status no_webhook(const Snapshot& snapshot, const std::string& segment) {
  if (!has_segment(snapshot, segment)) {
    return problem(ErrorCode::NotFound, no_such_segment(snapshot, segment));
  }
  return problem(ErrorCode::NotFound, "the segment has no webhook: " + segment);
}

std::size_t count_webhooks(const Snapshot& snapshot) {
  const Documents& documents = snapshot.documents();
  std::size_t count = 0;
  for (auto at = documents.lower_bound({std::string(kWebhookDocuments), ""});
       at != documents.end() && at->first.first == kWebhookDocuments; ++at) {
    ++count;
  }
  return count;
}

// How many changes stand behind a position; all of them where it is kept no longer.
std::uint64_t count_waiting(const MembershipStream& stream,
                            const std::optional<ChangeCursor>& position) {
  ChangeCursor at = beginning_of(stream);
  if (position && check_cursor(*position, stream).ok()) at = *position;
  return stream.end - at.position + (at.told ? stream.base->members.size() - *at.told : 0);
}

// The webhook as it stands at the end of `GET` and `PUT`; its secret is told to nobody.
absl::StatusOr<Response> describe_webhook(const std::string& segment, const Context& context) {
  const auto snapshot = context.store.snapshot();
  const auto webhook = find_webhook(*snapshot, segment);
  if (!webhook) return no_webhook(*snapshot, segment);
  const DeliveryDocument delivery = find_delivery(*snapshot, segment, *webhook);
  const auto position = position_of(*webhook, delivery);
  const ChangeReader reader{segment, webhook->rules};
  JsonWriter json;
  json.begin_object();
  json.member("segment", segment);
  json.member("url", webhook->url);
  json.member("batch", webhook->batch);
  if (!webhook->rules.consent.empty()) json.member("consent", webhook->rules.consent);
  if (webhook->rules.holdout) json.member("holdout", *webhook->rules.holdout);
  if (!webhook->rules.campaign.empty()) json.member("campaign", webhook->rules.campaign);
  write_webhook_state(json, delivery, context.webhooks->find(segment, webhook->revision));
  if (position) json.member("cursor", write_change_cursor(*position, reader));
  if (const auto stream = find_stream(*snapshot, reader)) {
    json.member("waiting", count_waiting(*stream, position));
  }
  json.time_member("as_of", context.now_ms);
  json.member("snapshot", snapshot->number());
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

// Another receiver, or one that is told of others, begins with everyone who is in; the same one goes
// on where it was.
WebhookDocument revise(const WebhookRequest& asked, const std::string& segment,
                       const Snapshot& snapshot) {
  WebhookDocument webhook{asked.url, asked.secret, asked.batch, asked.rules, snapshot.number(), {}};
  const auto before = find_webhook(snapshot, segment);
  if (before && before->url == asked.url && before->rules == asked.rules) {
    webhook.begin = position_of(*before, find_delivery(snapshot, segment, *before));
  }
  return webhook;
}

}  // namespace

// PUT /v1/segments/{name}/webhook: stores where changes are sent, and revives what was given up.
absl::StatusOr<Response> put_webhook(const Request& request, const Context& context) {
  GRAPEVINE_RETURN_IF_ERROR(check_request(request, context));
  const std::string& segment = segment_of(request);
  GRAPEVINE_ASSIGN_OR_RETURN(const WebhookRequest asked,
                             parse_webhook_request(request.body, context.webhooks->reach()));
  {
    const std::lock_guard lock(segment_changes);
    const auto snapshot = context.store.snapshot();
    if (!has_segment(*snapshot, segment)) return no_webhook(*snapshot, segment);
    const std::string unknown = unknown_consent(asked.rules, *snapshot);
    if (!unknown.empty()) {
      return problem(ErrorCode::Unprocessable, unknown, {{"/consent", unknown}});
    }
    if (!find_webhook(*snapshot, segment) && count_webhooks(*snapshot) >= kWebhooksMax) {
      return problem(ErrorCode::Conflict, "there are as many webhooks as there can be: 1000");
    }
    GRAPEVINE_RETURN_IF_ERROR(context.store.put_document(
        kWebhookDocuments, segment, write_webhook_document(revise(asked, segment, *snapshot))));
  }
  return describe_webhook(segment, context);
}

// GET /v1/segments/{name}/webhook
absl::StatusOr<Response> get_webhook(const Request& request, const Context& context) {
  GRAPEVINE_RETURN_IF_ERROR(check_request(request, context));
  return describe_webhook(segment_of(request), context);
}

// DELETE /v1/segments/{name}/webhook
absl::StatusOr<Response> delete_webhook(const Request& request, const Context& context) {
  GRAPEVINE_RETURN_IF_ERROR(check_request(request, context));
  const std::string& segment = segment_of(request);
  const std::lock_guard lock(segment_changes);
  const auto snapshot = context.store.snapshot();
  if (!find_webhook(*snapshot, segment)) return no_webhook(*snapshot, segment);
  GRAPEVINE_RETURN_IF_ERROR(remove_webhook(context.store, segment));
  return Response{204, "", {}, ""};
}

}  // namespace grapevine
