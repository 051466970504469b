#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <absl/status/status.h>

#include "api/parse/change_cursor.hpp"
#include "storage/snapshot.hpp"
#include "storage/store.hpp"

namespace grapevine {

/// The kinds under which a segment's webhook, and how far it was told, are kept among a store's
/// documents.
inline constexpr std::string_view kWebhookDocuments = "webhook";
inline constexpr std::string_view kDeliveryDocuments = "delivery";

/// What stands for a segment where the steps of alerts are sent: no segment has such a name.
inline constexpr std::string_view kAlertsWebhook = "/alerts";

/// Where the changes of a segment, or the steps of alerts, are sent.
struct WebhookDocument {
  std::string url;
  std::string secret;       ///< What bodies are signed with: never told to anybody.
  std::size_t batch = 500;  ///< Changes looked at for one delivery, at most.
  ExitRules rules;
  std::uint64_t revision = 0;         ///< Another one each time that it is put.
  std::optional<ChangeCursor> begin;  ///< Where this revision begins; nullopt: at the beginning.
};

/// How far a webhook was told.
struct DeliveryDocument {
  std::uint64_t revision = 0;            ///< Of the webhook. Of another one: it says nothing.
  std::optional<ChangeCursor> position;  ///< nullopt: nothing was delivered of this revision.
  /// Whether what comes next begins anew, with everyone who is in: what was told before is void.
  bool restart = false;
  std::optional<TimeMs> last_success;
  std::optional<TimeMs> failing_since;  ///< When the first of the failures in a row was.
  /// Changes that the delivery which failed was made from: it is sent again as it was, also after a
  /// restart, so that its id says whether it was received before. 0: none failed.
  std::uint64_t retried = 0;
  std::string dead;  ///< Why nothing is sent any more; empty: it is.
};

std::string write_webhook_document(const WebhookDocument& webhook);
std::string write_delivery_document(const DeliveryDocument& delivery);
/// nullopt: not what this program wrote.
std::optional<WebhookDocument> read_webhook_document(std::string_view json);
std::optional<DeliveryDocument> read_delivery_document(std::string_view json);

/// nullopt: the segment has no webhook.
std::optional<WebhookDocument> find_webhook(const Snapshot& snapshot, std::string_view segment);
/// An empty one where nothing was noted of that revision.
DeliveryDocument find_delivery(const Snapshot& snapshot, std::string_view segment,
                               const WebhookDocument& webhook);

/// Removes a segment's webhook, if it has one, and what was noted of it. Durable when it returns.
absl::Status remove_webhook(Store& store, std::string_view segment);

/// Where a webhook goes on; nullopt: at the beginning of what is kept.
inline std::optional<ChangeCursor> position_of(const WebhookDocument& webhook,
                                               const DeliveryDocument& delivery) {
  return delivery.position ? delivery.position : webhook.begin;
}

}  // namespace grapevine
