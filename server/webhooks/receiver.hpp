#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "api/execute/change_page.hpp"
#include "api/live/segments/segment_keeper.hpp"
#include "api/live/webhook_board.hpp"
#include "api/plan/webhook_document.hpp"
#include "server/webhooks/delivery.hpp"
#include "server/webhooks/webhook_sender.hpp"

namespace grapevine {

/// What a receiver stands in between with: what all of them share.
struct ReceiverContext {
  Store& store;
  SegmentKeeper* keeper;  ///< nullptr: streams are there, or not.
  WebhookBoard& board;
  const WebhookOptions& options;
  const Stop& stop;
};

/// One webhook, of a segment or of alerts, while it is served: where it stands, and when it is tried again. One thread at a
/// time.
class Receiver {
 public:
  using Clock = std::chrono::steady_clock;
  enum class Outcome : std::uint8_t { Nothing, Delivered, Failed, Died };

  /// `document` is what the snapshot has of the webhook.
  Receiver(std::string segment, std::string document, const Snapshot& snapshot);

  [[nodiscard]] const std::string& segment() const { return segment_; }
  [[nodiscard]] const std::string& document() const { return document_; }
  [[nodiscard]] bool dead() const { return !delivery_.dead.empty(); }
  [[nodiscard]] bool failing() const { return delivery_.failing_since.has_value(); }
  [[nodiscard]] const std::string& why_dead() const { return delivery_.dead; }

  /// Whether there is something to send, or to look into, by now.
  [[nodiscard]] bool is_due(const Snapshot& snapshot, Clock::time_point now) const;
  /// Sends one delivery, if there is anything, and notes what became of it.
  Outcome attempt(const ReceiverContext& context);

 private:
  [[nodiscard]] ChangeReader reader() const { return {segment_, webhook_.rules}; }
  [[nodiscard]] bool tells_alerts() const { return segment_ == kAlertsWebhook; }
  Outcome send(const Snapshot& snapshot, const MembershipStream& stream,
               const ReceiverContext& context);
  Outcome send_alerts(const Snapshot& snapshot, const ReceiverContext& context);
  Outcome deliver(const Delivery& delivery, const ChangeCursor& next, std::uint64_t passed,
                  const ReceiverContext& context);
  Outcome fail(const std::string& why, bool for_good, const ReceiverContext& context);
  void move_to(const ChangeCursor& next);
  void note(const ReceiverContext& context) const;
  Clock::duration backoff(const WebhookOptions& options);

  std::string segment_;
  std::string document_;
  WebhookDocument webhook_;
  DeliveryDocument delivery_;
  std::optional<ChangeCursor> position_;
  int failures_ = 0;  // In a row.
  Clock::time_point not_before_{};
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace grapevine
