#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace grapevine {

/// Threads that do tasks, which may add further ones. Thread-safe.
class Workers {
 public:
  explicit Workers(std::size_t threads);
  /// Waits for what was added.
  ~Workers();

  void add(std::function<void()> task);
  /// Returns when every task is done, those included that tasks added.
  void wait();

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;
  std::size_t unfinished_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace grapevine
