#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <absl/status/statusor.h>

#include "api/parse/exit_rules.hpp"
#include "api/parse/webhook_url.hpp"

namespace grapevine {

inline constexpr std::size_t kWebhookBodyBytesMax = 16u << 10;
inline constexpr std::size_t kSecretBytesMax = 1024;
inline constexpr std::size_t kBatchMax = 10'000;

/// What a webhook is told of: who enters and leaves a segment, or alerts.
enum class WebhookOf : std::uint8_t { Segment, Alerts };

/// The body of `PUT /v1/segments/{name}/webhook` and `PUT /v1/alerts/webhook`.
struct WebhookRequest {
  std::string url;
  std::string secret;
  std::size_t batch = 500;
  ExitRules rules;  ///< Of a segment's.
};

/// Errors  Malformed, TooLarge, Unprocessable: what is wrong, also an address that webhooks are not
///         sent to. A host's name is looked up when something is sent, not here.
absl::StatusOr<WebhookRequest> parse_webhook_request(const std::string& body,
                                                     const WebhookReach& reach,
                                                     WebhookOf of = WebhookOf::Segment);

}  // namespace grapevine
