#include "api/plan/webhook_document.hpp"

#include <utility>

#include "api/encode/json_writer.hpp"
#include "api/parse/json_reader.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

void write_cursor_member(JsonWriter& json, std::string_view name,
                         const std::optional<ChangeCursor>& cursor) {
  if (!cursor) return;
  json.key(name);
  json.begin_array();
  json.value(cursor->stream);
  json.value(cursor->position);
  if (cursor->told) json.value(*cursor->told);
  json.end_array();
}

// Reads members by name; absent ones leave what was there.
class DocumentReader {
 public:
  explicit DocumentReader(const JsonObject& object) : object_(object) {}

  void read(std::string_view name, std::string& text) const {
    if (const auto* found = find<std::string>(name)) text = *found;
  }
  void read(std::string_view name, bool& truth) const {
    if (const auto* found = find<bool>(name)) truth = *found;
  }
  void read(std::string_view name, std::uint64_t& number) const {
    if (const auto* found = find<std::int64_t>(name)) number = static_cast<std::uint64_t>(*found);
  }
  void read(std::string_view name, std::optional<TimeMs>& time) const {
    if (const auto* found = find<std::int64_t>(name)) time = *found;
  }
  void read(std::string_view name, std::optional<double>& share) const {
    if (const auto* found = find<double>(name)) share = *found;
    if (const auto* whole = find<std::int64_t>(name)) share = static_cast<double>(*whole);
  }
  void read(std::string_view name, std::optional<ChangeCursor>& cursor) const {
    const auto* found = find<JsonArray>(name);
    if (found == nullptr || found->size() < 2) return;
    const auto number = [&](std::size_t at) {
      const auto* whole = (*found)[at].as<std::int64_t>();
      return whole == nullptr ? 0 : static_cast<std::uint64_t>(*whole);
    };
    cursor = ChangeCursor{number(0), number(1)};
    if (found->size() > 2) cursor->told = number(2);
  }

 private:
  template <typename Content>
  const Content* find(std::string_view name) const {
    for (const auto& [key, content] : object_) {
      if (key == name) return content.template as<Content>();
    }
    return nullptr;
  }

  const JsonObject& object_;
};

}  // namespace

std::string write_webhook_document(const WebhookDocument& webhook) {
  JsonWriter json;
  json.begin_object();
  json.member("url", webhook.url);
  json.member("secret", webhook.secret);
  json.member("batch", webhook.batch);
  json.member("consent", webhook.rules.consent);
  if (webhook.rules.holdout) json.member("holdout", *webhook.rules.holdout);
  json.member("campaign", webhook.rules.campaign);
  json.member("revision", webhook.revision);
  write_cursor_member(json, "begin", webhook.begin);
  json.end_object();
  return std::move(json).take();
}

std::string write_delivery_document(const DeliveryDocument& delivery) {
  JsonWriter json;
  json.begin_object();
  json.member("revision", delivery.revision);
  write_cursor_member(json, "position", delivery.position);
  json.member("restart", delivery.restart);
  if (delivery.last_success) json.member("last_success", *delivery.last_success);
  if (delivery.failing_since) json.member("failing_since", *delivery.failing_since);
  if (delivery.retried > 0) json.member("retried", delivery.retried);
  json.member("dead", delivery.dead);
  json.end_object();
  return std::move(json).take();
}

std::optional<WebhookDocument> read_webhook_document(std::string_view json) {
  const auto object = read_json_object(json);
  if (!object.ok()) return std::nullopt;
  const DocumentReader reader(*object);
  WebhookDocument webhook;
  reader.read("url", webhook.url);
  reader.read("secret", webhook.secret);
  reader.read("batch", webhook.batch);
  reader.read("consent", webhook.rules.consent);
  reader.read("holdout", webhook.rules.holdout);
  reader.read("campaign", webhook.rules.campaign);
  reader.read("revision", webhook.revision);
  reader.read("begin", webhook.begin);
  return webhook;
}

std::optional<DeliveryDocument> read_delivery_document(std::string_view json) {
  const auto object = read_json_object(json);
  if (!object.ok()) return std::nullopt;
  const DocumentReader reader(*object);
  DeliveryDocument delivery;
  reader.read("revision", delivery.revision);
  reader.read("position", delivery.position);
  reader.read("restart", delivery.restart);
  reader.read("last_success", delivery.last_success);
  reader.read("failing_since", delivery.failing_since);
  reader.read("retried", delivery.retried);
  reader.read("dead", delivery.dead);
  return delivery;
}

std::optional<WebhookDocument> find_webhook(const Snapshot& snapshot, std::string_view segment) {
  const auto found =
      snapshot.documents().find({std::string(kWebhookDocuments), std::string(segment)});
  if (found == snapshot.documents().end()) return std::nullopt;
  return read_webhook_document(found->second);
}

DeliveryDocument find_delivery(const Snapshot& snapshot, std::string_view segment,
                               const WebhookDocument& webhook) {
  const auto found =
      snapshot.documents().find({std::string(kDeliveryDocuments), std::string(segment)});
  if (found != snapshot.documents().end()) {
    const auto delivery = read_delivery_document(found->second);
    if (delivery && delivery->revision == webhook.revision) return *delivery;
  }
  DeliveryDocument nothing;
  nothing.revision = webhook.revision;
  nothing.restart = !webhook.begin;
  return nothing;
}

absl::Status remove_webhook(Store& store, std::string_view segment) {
  const auto snapshot = store.snapshot();
  for (const std::string_view kind : {kWebhookDocuments, kDeliveryDocuments}) {
    if (!snapshot->documents().contains({std::string(kind), std::string(segment)})) continue;
    GRAPEVINE_RETURN_IF_ERROR(store.put_document(kind, segment, ""));
  }
  return absl::OkStatus();
}

}  // namespace grapevine
