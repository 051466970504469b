#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>

#include <tbb/global_control.h>
#include <tbb/task_arena.h>

namespace grapevine {

/// Work that runs beside the caller on the machine's worker threads, in no promised order. There may be
/// no worker free: a caller that waits for a result takes part in the work itself. Where only one
/// thread is allowed there is none at all, and the caller runs each task as it is given.
///
/// Thread safety: one thread owns it and calls its members; tasks may not.
class BackgroundTasks {
 public:
  BackgroundTasks() = default;
  BackgroundTasks(const BackgroundTasks&) = delete;
  BackgroundTasks& operator=(const BackgroundTasks&) = delete;
  ~BackgroundTasks() { close(); }

  /// Shapes  `task` may be copied, and does not throw. It may never run: see `close`. It may run
  ///         before this returns: hold no lock that it takes.
  template <typename Task>
  void run(const Task& task) {
    // For what is enqueued nevertheless oneTBB breaks the limit with a worker of its own, which, once
    // other loops end meanwhile, spins for ever (2021.8).
    if (!may_have_workers()) return task();
    arena().enqueue([state = state_, task] {
      if (!state->begin()) return;
      task();
      state->end();
    });
  }

  /// Tasks that have not begun will not. Returns when none runs any more, which needs no worker.
  void close() {
    std::unique_lock lock(state_->mutex);
    state_->closed = true;
    state_->changed.wait(lock, [this] { return state_->running == 0; });
  }

 private:
  // Outlives the owner for as long as a worker has yet to find that its task is not wanted.
  struct State {
    bool begin() {
      const std::lock_guard lock(mutex);
      if (!closed) ++running;
      return !closed;
    }
    void end() {
      const std::lock_guard lock(mutex);
      --running;
      changed.notify_all();
    }
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t running = 0;
    bool closed = false;
  };

  static bool may_have_workers() {
    return tbb::global_control::active_value(tbb::global_control::max_allowed_parallelism) > 1;
  }

  // One for the process, never destroyed: tasks may outlive whoever gave them.
  static tbb::task_arena& arena() {
    static auto* const workers = new tbb::task_arena();
    return *workers;
  }

  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace grapevine
