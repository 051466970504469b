#include "server/webhooks/receiver.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "server/webhooks/delivery.hpp"
#include "server/webhooks/post.hpp"

namespace grapevine {
namespace {

using std::chrono::milliseconds;

// Until the next look at what is held back, or at a stream that is not there yet.
constexpr milliseconds kLookAgain{200};
constexpr milliseconds kPatience{1'000};  // For a stream to begin.
constexpr int kGone = 410;                // The receiver wants no more.

TimeMs now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<milliseconds>(now).count();
}

std::string describe(const PostResult& result) {
  if (result.status == 0) return result.failure;
  const std::string status = std::to_string(result.status);
  if (result.status / 100 == 3) return "redirects are not followed: " + status;
  return "answered " + status;
}

}  // namespace

Receiver::Receiver(std::string segment, std::string document, const Snapshot& snapshot)
    : segment_(std::move(segment)),
      document_(std::move(document)),
      webhook_(read_webhook_document(document_).value_or(WebhookDocument{})),
      delivery_(find_delivery(snapshot, segment_, webhook_)),
      position_(position_of(webhook_, delivery_)) {}

bool Receiver::is_due(const Snapshot& snapshot, Clock::time_point now) const {
  if (dead() || now < not_before_) return false;
  if (tells_alerts()) {
    return read_alert_state(snapshot).last_change > (position_ ? position_->position : 0);
  }
  const auto stream = find_stream(snapshot, reader());
  if (stream == nullptr || !position_) return true;
  return !check_cursor(*position_, *stream).ok() || has_more(*stream, *position_);
}

Receiver::Outcome Receiver::attempt(const ReceiverContext& context) {
  auto snapshot = context.store.snapshot();
  if (tells_alerts()) return send_alerts(*snapshot, context);
  auto stream = find_stream(*snapshot, reader());
  if (stream == nullptr && context.keeper != nullptr) {
    const MembershipKey key{segment_, webhook_.rules.consent};
    if (context.keeper->follow(key, kPatience).ok()) {
      snapshot = context.store.snapshot();
      stream = find_stream(*snapshot, reader());
    }
  }
  if (stream != nullptr) return send(*snapshot, *stream, context);
  not_before_ = Clock::now() + kLookAgain;
  return Outcome::Nothing;
}

Receiver::Outcome Receiver::send(const Snapshot& snapshot, const MembershipStream& stream,
                                 const ReceiverContext& context) {
  if (!position_ || !check_cursor(*position_, stream).ok()) {
    position_ = beginning_of(stream);
    if (!delivery_.restart) delivery_.retried = 0;  // Else what failed began there, too.
    delivery_.restart = true;
  }
  const std::size_t limit = delivery_.retried > 0 ? delivery_.retried : webhook_.batch;
  const auto page = read_changes(snapshot, stream, reader(), *position_, limit);
  if (!page.ok() || page->passed == 0) {
    not_before_ = Clock::now() + kLookAgain;
    return Outcome::Nothing;
  }
  if (page->changes.empty() && page->erased == 0) {  // All are kept back.
    move_to(page->next);
    note(context);
    return Outcome::Nothing;
  }
  return deliver(make_delivery(reader(), *position_, *page, delivery_.restart), page->next,
                 page->passed, context);
}

Receiver::Outcome Receiver::send_alerts(const Snapshot& snapshot, const ReceiverContext& context) {
  if (!position_) position_ = ChangeCursor{};
  const std::size_t limit = delivery_.retried > 0 ? delivery_.retried : webhook_.batch;
  const std::vector<AlertStep> steps = alert_steps(snapshot, {}, position_->position, limit);
  if (steps.empty()) {  // They are kept no longer.
    position_->position = read_alert_state(snapshot).last_change;
    return Outcome::Nothing;
  }
  const ChangeCursor next{0, steps.back().change.number};
  return deliver(make_alert_delivery(position_->position, steps), next, steps.size(), context);
}

// Sends it, and goes on behind it where it was taken.
Receiver::Outcome Receiver::deliver(const Delivery& delivery, const ChangeCursor& next,
                                    std::uint64_t passed, const ReceiverContext& context) {
  const auto url = parse_webhook_url(webhook_.url);
  if (!url.ok()) return fail(std::string(url.status().message()), true, context);
  const PostResult result =
      post(*url, delivery_headers(delivery, webhook_.secret, now_ms() / 1000), delivery.body,
           {context.board.reach(), context.options.timeout}, context.stop);
  if (result.status / 100 == 2) {
    move_to(next);
    delivery_.restart = false;
    delivery_.last_success = now_ms();
    delivery_.failing_since.reset();
    failures_ = 0;
    note(context);
    context.board.forget(segment_);
    return Outcome::Delivered;
  }
  delivery_.retried = passed;
  if (context.stop.requested() && result.status == 0) {  // It may have come, though we do not know.
    note(context);
    return Outcome::Nothing;
  }
  return fail(describe(result), result.status == kGone, context);
}

Receiver::Outcome Receiver::fail(const std::string& why, bool for_good,
                                 const ReceiverContext& context) {
  const TimeMs now = now_ms();
  const bool first = !delivery_.failing_since;
  if (first) delivery_.failing_since = now;
  const bool too_long = now - *delivery_.failing_since >= context.options.dead_after.count();
  if (for_good || too_long) delivery_.dead = why;
  if (first || dead()) note(context);
  WebhookTry last{webhook_.revision, why, now, {}};
  if (!dead()) {
    const Clock::duration wait = backoff(context.options);
    not_before_ = Clock::now() + wait;
    last.next_try = now + std::chrono::duration_cast<milliseconds>(wait).count();
  }
  context.board.note(segment_, std::move(last));
  return dead() ? Outcome::Died : Outcome::Failed;
}

void Receiver::move_to(const ChangeCursor& next) {
  position_ = next;
  delivery_.position = next;
  delivery_.retried = 0;
}

// Where that fails, the disk does: what was delivered is then delivered again after a restart.
void Receiver::note(const ReceiverContext& context) const {
  const auto webhook = find_webhook(*context.store.snapshot(), segment_);
  if (!webhook || webhook->revision != webhook_.revision) return;  // Deleted, or put again.
  [[maybe_unused]] const absl::Status noted =
      context.store.put_document(kDeliveryDocuments, segment_, write_delivery_document(delivery_));
}

Receiver::Clock::duration Receiver::backoff(const WebhookOptions& options) {
  auto wait = options.retry_first;
  for (int i = 0; i < failures_ && wait < options.retry_longest; ++i) wait *= 2;
  ++failures_;
  wait = std::min(wait, options.retry_longest);
  std::uniform_real_distribution<double> part(0.5, 1.0);
  return milliseconds(static_cast<std::int64_t>(static_cast<double>(wait.count()) * part(random_)));
}

}  // namespace grapevine
