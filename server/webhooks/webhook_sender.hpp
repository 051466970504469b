#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

#include "api/live/segments/segment_keeper.hpp"
#include "api/live/webhook_board.hpp"
#include "server/log.hpp"
#include "server/metrics.hpp"
#include "storage/store.hpp"

namespace grapevine {

/// How webhooks are sent.
struct WebhookOptions {
  /// Deliveries at once: each holds a thread, a batch and, under https, its own connection's keys.
  std::size_t deliveries_max = 32;
  /// From connecting to the head of the answer.
  std::chrono::milliseconds timeout{15'000};
  /// The first wait after a failure. Each is twice the one before, up to ...
  std::chrono::milliseconds retry_first{1'000};
  /// ... this; a random part of up to a half is taken off, so that many do not come back at once.
  std::chrono::milliseconds retry_longest{600'000};
  /// A receiver that has failed for so long is given up until somebody puts the webhook again.
  std::chrono::milliseconds dead_after{24 * 3'600'000};
  /// How often it is looked whether there is something to send, at most.
  std::chrono::milliseconds look_interval{50};
};

/// Sends the changes of segments to their webhooks: each in order, one delivery at a time, at least
/// once; where a receiver stands is kept in the log, so that nothing is lost when the process ends.
/// A slow receiver holds one thread. Thread-safe.
class WebhookSender {
 public:
  /// Everything outlives it; `keeper` and `log` may be nullptr.
  WebhookSender(Store& store, SegmentKeeper* keeper, WebhookBoard& board, ServerLog* log,
                const WebhookOptions& options);
  /// Gives up what is being sent, and waits for its threads.
  ~WebhookSender();
  WebhookSender(const WebhookSender&) = delete;
  WebhookSender& operator=(const WebhookSender&) = delete;

  /// For /metrics. They must not be read once it is gone.
  [[nodiscard]] std::vector<Gauge> gauges();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace grapevine
