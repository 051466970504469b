#pragma once

#include <tbb/task_group.h>

namespace grapevine {

/// Work that runs beside the caller on the machine's worker threads, in no promised order. A caller
/// that waits for a result does well to take part in the work: there may be no worker free.
///
/// Thread safety: one thread owns it and calls its members; tasks may not.
class BackgroundTasks {
 public:
  BackgroundTasks() = default;
  BackgroundTasks(const BackgroundTasks&) = delete;
  BackgroundTasks& operator=(const BackgroundTasks&) = delete;
  ~BackgroundTasks() { group_.wait(); }

  /// Shapes  `task` may be copied, and does not throw.
  template <typename Task>
  void run(const Task& task) {
    group_.run(task);
  }

  /// Returns when every task has run.
  void wait() { group_.wait(); }

 private:
  tbb::task_group group_;
};

}  // namespace grapevine
