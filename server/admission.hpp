#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "api/routes.hpp"
#include "server/config.hpp"
#include "server/spare_cores.hpp"

namespace grapevine {

/// Threads for work that may block or compute, with a bounded queue before them. A thread is made
/// when work finds none idle, so that a server that is asked little stays small. Thread-safe.
class WorkerPool {
 public:
  using Task = std::function<void()>;

  struct Options {
    std::size_t threads_max;
    std::size_t queue_max;              ///< Tasks of `try_run` that wait, beyond those that run.
    SpareCores* spare_cores = nullptr;  ///< Where tasks of `try_run` are queries.
    AttentiveThread::Work work = AttentiveThread::Work::Short;
  };

  explicit WorkerPool(Options options) : options_(options) {}
  /// Finishes what is queued, then joins.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Queues the task; false, and nothing done, where the queue is full. Tasks must not throw.
  [[nodiscard]] bool try_run(Task task);
  /// Queues a task of something that was admitted before, such as the next piece of an upload. It
  /// takes no place from tasks that are yet to be admitted.
  void run(Task task);

  [[nodiscard]] std::size_t queued() const;

 private:
  struct Waiting {
    Task task;
    bool is_limited;  // Counts against queue_max.
  };

  void push(Waiting waiting);  // With the mutex held.
  void work();
  void run_now(Waiting& waiting);

  const Options options_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Waiting> queue_;
  std::size_t limited_ = 0;  // Of `queue_`.
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0;
  bool closing_ = false;
};

/// A number of units of which at most `max` are taken at once. Thread-safe.
class Budget {
 public:
  explicit Budget(std::size_t max) : max_(max) {}

  [[nodiscard]] bool try_take(std::size_t units);
  void give_back(std::size_t units) { taken_.fetch_sub(units, std::memory_order_relaxed); }
  [[nodiscard]] std::size_t taken() const { return taken_.load(std::memory_order_relaxed); }

 private:
  const std::size_t max_;
  std::atomic<std::size_t> taken_{0};
};

/// Units of a budget that come back by themselves. Not thread-safe.
class Lease {
 public:
  explicit Lease(Budget& budget) : budget_(budget) {}
  /// Looks after units that were taken before.
  Lease(Budget& budget, std::size_t held) : budget_(budget), held_(held) {}
  ~Lease() { budget_.give_back(held_); }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  /// Takes what is missing to hold `units` in all; false, and nothing taken, beyond the budget.
  [[nodiscard]] bool grow_to(std::size_t units);

 private:
  Budget& budget_;
  std::size_t held_ = 0;
};

/// What runs at once, by kind of work: a kind that is flooded does not take the threads of another.
struct Admission {
  explicit Admission(const Limits& limits);

  WorkerPool& pool(WorkKind kind);

  Budget body_bytes;
  Budget uploads;
  Budget streams;
  SpareCores spare_cores;  // Outlives the threads.
  WorkerPool light;
  WorkerPool collect;
  WorkerPool query;
  WorkerPool follow;
};

}  // namespace grapevine
