#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "storage/store_state.hpp"

namespace grapevine {

/// Merges parts on a thread of its own, of lower priority than the writer's, one merge at a time:
/// what is due (see part_tiers.hpp) at once, what is worth it when no new part comes for a while.
/// Writers and readers go on meanwhile; only the exchange of pointers takes the state's lock.
class PartMerging {
 public:
  /// `publish` is called with the lock held, after parts were exchanged: the rows are the same as
  /// before.
  PartMerging(StoreState& state, std::mutex& state_mutex, std::function<void()> publish);
  /// Finishes the merge under way.
  ~PartMerging();

  /// Parts may have come. Waits while too many small ones are due to be merged, so that their
  /// number stays bounded. The state's lock is not held.
  void notify();

  /// Keeps parts from being merged as long as the lock is held; waits for the merge under way.
  [[nodiscard]] std::unique_lock<std::mutex> hold() { return std::unique_lock(merging_mutex_); }

 private:
  enum class Urgency : std::uint8_t { Due, Tidy };
  struct Work {
    std::vector<std::shared_ptr<const Part>> parts;
    ColumnStrings strings;
  };
  std::optional<Work> find_work(Urgency urgency);
  [[nodiscard]] bool is_behind();
  [[nodiscard]] bool is_stopping();
  void merge(const Work& work);
  void run();

  StoreState& state_;
  std::mutex& state_mutex_;
  std::function<void()> publish_;

  std::mutex merging_mutex_;  // Held during a merge.
  std::mutex wake_mutex_;
  std::condition_variable wake_;    // Parts came.
  std::condition_variable merged_;  // Parts were exchanged.
  bool notified_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace grapevine
