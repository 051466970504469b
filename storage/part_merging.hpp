#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "storage/store_state.hpp"

namespace grapevine {

/// Merges small parts into larger ones on a thread of its own, so that questions walk few of them.
/// Whenever kFanIn neighbours are of one tier they become one of the next: 4,096 rows, then 64 Ki,
/// then 1 Mi and so on. Writers and readers go on meanwhile; only the exchange of pointers takes
/// the state's lock.
class PartMerging {
 public:
  static constexpr std::size_t kFanIn = 16;

  /// `publish` is called with the lock held, after parts were exchanged: the rows are the same as
  /// before.
  PartMerging(StoreState& state, std::mutex& state_mutex, std::function<void()> publish);
  /// Finishes the merge under way.
  ~PartMerging();

  /// Parts may have come.
  void notify();

 private:
  struct Neighbours {
    std::size_t first;
    std::vector<std::shared_ptr<const Part>> parts;
    CodeOfText code_of_text;
  };
  std::optional<Neighbours> find_work();
  void run();

  StoreState& state_;
  std::mutex& state_mutex_;
  std::function<void()> publish_;

  std::mutex wake_mutex_;
  std::condition_variable wake_;
  bool notified_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace grapevine
