#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <absl/status/status.h>

#include "storage/pending.hpp"

namespace grapevine {

/// What waits for the writer's thread. Thread-safe: any thread may push, one takes.
class WorkQueue {
 public:
  using Clock = std::chrono::steady_clock;
  using Errand = std::function<void(const absl::Status& failed)>;

  /// `bytes_max`: what may wait; beyond it callers are told to try again.
  explicit WorkQueue(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// Lets work wait; what may not is done at once, with the error.
  void push(Pending work);

  /// What `errand` returns when the writer's thread runs it, between batches: all that was admitted
  /// is durable and applied then. It may take some milliseconds, not more. After a failure nothing
  /// is run: what was admitted then is in memory, but not on the disk.
  template <typename Work>
  auto between_batches(const Work& errand) -> decltype(errand()) {
    using Result = decltype(errand());
    const auto promise = std::make_shared<std::promise<Result>>();
    {
      const std::lock_guard lock(mutex_);
      if (!failed_.ok()) return failed_;
      if (stopping_) return errand();  // The destructor asks, and the writer is gone.
      errands_.emplace_back([promise, &errand](const absl::Status& failed) {
        promise->set_value(failed.ok() ? errand() : Result(failed));
      });
    }
    wake_.notify_one();
    return promise->get_future().get();
  }

  /// Waits for work, errands or the deadline, then takes what may be stored together: batches, or
  /// one change, which is decided on what stands before it. nullopt: it was stopped, and is empty.
  std::optional<std::vector<Pending>> take(Clock::time_point deadline);
  /// Runs the errands that wait. Precondition: every batch that was taken is applied.
  void run_errands();
  /// Makes room: what was taken waits no more.
  void release(const std::vector<Pending>& taken);

  /// Nothing is taken in any more; what waits is given back. Errands are told from then on.
  std::deque<Pending> fail(const absl::Status& why);
  /// OK, or why nothing is taken in any more.
  [[nodiscard]] absl::Status status() const;
  /// Ends `take` when nothing waits any more.
  void stop();

 private:
  static constexpr std::size_t kTogetherMax = 1024;         // Batches that share a sync.
  static constexpr std::size_t kTogetherBytes = 32u << 20;  // So that the first need not wait long.

  [[nodiscard]] absl::Status refusal(std::size_t bytes) const;

  const std::size_t bytes_max_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Pending> queue_;
  std::size_t bytes_ = 0;  // Of what waits and of what was taken.
  std::vector<Errand> errands_;
  bool stopping_ = false;
  absl::Status failed_;
};

}  // namespace grapevine
