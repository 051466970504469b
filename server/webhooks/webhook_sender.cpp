#include "server/webhooks/webhook_sender.hpp"

#include <atomic>
#include <condition_variable>
#include <limits>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "server/admission.hpp"
#include "server/webhooks/receiver.hpp"

namespace grapevine {
namespace {

constexpr std::chrono::milliseconds kLongestLook{100};

// A receiver, and whether a worker has it; else the thread that looks does.
struct Served {
  explicit Served(Receiver known) : receiver(std::move(known)) {}
  Receiver receiver;
  std::atomic<bool> busy{false};
  std::atomic<bool> replaced{false};  // Put again, or deleted: what is being sent is its last.
};

}  // namespace

struct WebhookSender::Impl {
  Impl(Store& data, SegmentKeeper* keeper, WebhookBoard& board, ServerLog* server_log,
       const WebhookOptions& chosen)
      : options(chosen),
        store(data),
        log(server_log),
        context{data, keeper, board, options, stop},
        workers({options.deliveries_max, std::numeric_limits<std::size_t>::max()}),
        looking([this] { look(); }) {}

  ~Impl() {
    stop.request();
    {
      const std::lock_guard lock(mutex);
      ending = true;
    }
    ended.notify_all();
    looking.join();
  }

  void look() {
    std::unique_lock lock(mutex);
    while (!ending) {
      lock.unlock();
      const auto snapshot = store.snapshot();
      match(*snapshot);
      start_due(*snapshot);
      static_cast<void>(store.wait_past(snapshot->number(), kLongestLook));
      lock.lock();
      ended.wait_for(lock, options.look_interval, [this] { return ending; });
    }
  }

  // Takes over what webhooks there are. One that was put again is another receiver, which begins
  // when the last delivery of the one before has ended, so that nothing overtakes.
  void match(const Snapshot& snapshot) {
    const Documents& documents = snapshot.documents();
    std::map<std::string, std::shared_ptr<Served>> known;
    for (auto at = documents.lower_bound({std::string(kWebhookDocuments), ""});
         at != documents.end() && at->first.first == kWebhookDocuments; ++at) {
      const std::string& segment = at->first.second;
      const auto found = served.find(segment);
      if (found != served.end() && found->second->receiver.document() == at->second) {
        known[segment] = found->second;
      } else {
        known[segment] = std::make_shared<Served>(Receiver(segment, at->second, snapshot));
      }
    }
    webhooks = known.size();
    for (const auto& [segment, before] : served) {
      std::shared_ptr<Served>& now = known[segment];
      if (now == before) continue;
      before->replaced = true;
      if (before->busy.load(std::memory_order_acquire)) now = before;
      if (now == nullptr) known.erase(segment);
    }
    served = std::move(known);
  }

  void start_due(const Snapshot& snapshot) {
    std::size_t failing_now = 0;
    std::size_t dead_now = 0;
    const auto now = Receiver::Clock::now();
    for (const auto& [segment, receiver] : served) {
      if (receiver->busy.load(std::memory_order_acquire) || receiver->replaced) continue;
      failing_now += receiver->receiver.failing() ? 1 : 0;
      dead_now += receiver->receiver.dead() ? 1 : 0;
      if (!receiver->receiver.is_due(snapshot, now)) continue;
      receiver->busy.store(true, std::memory_order_relaxed);
      work_on(receiver);
    }
    failing = failing_now;
    dead = dead_now;
  }

  // One delivery, then the next one of this receiver waits in line like all others.
  void work_on(std::shared_ptr<Served> receiver) {
    workers.run([this, receiver = std::move(receiver)]() mutable {
      if (stop.requested()) return;
      const Receiver::Outcome outcome = receiver->receiver.attempt(context);
      if (outcome == Receiver::Outcome::Failed) ++failures;
      if (outcome == Receiver::Outcome::Died) tell_death(receiver->receiver);
      if (outcome == Receiver::Outcome::Delivered) {
        ++deliveries;
        if (!receiver->replaced &&
            receiver->receiver.is_due(*store.snapshot(), Receiver::Clock::now())) {
          return work_on(std::move(receiver));
        }
      }
      receiver->busy.store(false, std::memory_order_release);
    });
  }

  void tell_death(const Receiver& receiver) {
    ++failures;
    if (log == nullptr) return;
    log->event("webhook_dead", {{"segment", receiver.segment()}, {"reason", receiver.why_dead()}});
  }

  const WebhookOptions options;
  Store& store;
  ServerLog* const log;
  Stop stop;
  const ReceiverContext context;
  std::map<std::string, std::shared_ptr<Served>> served;  // By segment; of the thread that looks.
  std::atomic<std::size_t> webhooks{0}, failing{0}, dead{0}, deliveries{0}, failures{0};
  std::mutex mutex;
  std::condition_variable ended;
  bool ending = false;
  WorkerPool workers;
  std::thread looking;
};

WebhookSender::WebhookSender(Store& store, SegmentKeeper* keeper, WebhookBoard& board,
                             ServerLog* log, const WebhookOptions& options)
    : impl_(std::make_unique<Impl>(store, keeper, board, log, options)) {}

WebhookSender::~WebhookSender() = default;

std::vector<Gauge> WebhookSender::gauges() {
  const auto gauge = [this](const char* name, const char* help,
                            std::atomic<std::size_t> Impl::*number) {
    return Gauge{name, help,
                 [this, number] { return static_cast<double>((impl_.get()->*number).load()); }};
  };
  return {
      gauge("grapevine_webhooks", "Webhooks that changes are sent to.", &Impl::webhooks),
      gauge("grapevine_webhooks_failing",
            "Webhooks whose last delivery failed, dead ones included.", &Impl::failing),
      gauge("grapevine_webhooks_dead", "Webhooks that were given up.", &Impl::dead),
      gauge("grapevine_webhook_deliveries", "Deliveries that were taken since the start.",
            &Impl::deliveries),
      gauge("grapevine_webhook_failures", "Deliveries that failed since the start.",
            &Impl::failures),
  };
}

}  // namespace grapevine
