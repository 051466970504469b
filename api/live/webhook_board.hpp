#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "api/parse/webhook_url.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// How the last deliveries of a webhook went: what need not survive the process.
struct WebhookTry {
  std::uint64_t revision = 0;  ///< Of the webhook. Of another one: it says nothing.
  std::string last_error;      ///< Empty: none since the last success.
  TimeMs last_error_at = 0;
  std::optional<TimeMs> next_try{};  ///< After a failure.
};

/// Where who sends webhooks says how it goes, and who is asked reads it. Thread-safe.
class WebhookBoard {
 public:
  explicit WebhookBoard(const WebhookReach& reach) : reach_(reach) {}

  [[nodiscard]] const WebhookReach& reach() const { return reach_; }

  void note(const std::string& segment, WebhookTry state);
  void forget(const std::string& segment);
  /// An empty one where nothing was noted of that revision.
  [[nodiscard]] WebhookTry find(const std::string& segment, std::uint64_t revision) const;

 private:
  const WebhookReach reach_;
  mutable std::mutex mutex_;
  std::map<std::string, WebhookTry> tries_;
};

}  // namespace grapevine
