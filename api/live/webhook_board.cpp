#include "api/live/webhook_board.hpp"

#include <utility>

namespace grapevine {

void WebhookBoard::note(const std::string& segment, WebhookTry state) {
  const std::lock_guard lock(mutex_);
  tries_[segment] = std::move(state);
}

void WebhookBoard::forget(const std::string& segment) {
  const std::lock_guard lock(mutex_);
  tries_.erase(segment);
}

WebhookTry WebhookBoard::find(const std::string& segment, std::uint64_t revision) const {
  const std::lock_guard lock(mutex_);
  const auto found = tries_.find(segment);
  if (found == tries_.end() || found->second.revision != revision) return {};
  return found->second;
}

}  // namespace grapevine
