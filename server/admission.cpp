#include "server/admission.hpp"

#include <cstdlib>
#include <limits>
#include <optional>
#include <system_error>
#include <utility>

namespace grapevine {

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool WorkerPool::try_run(Task task) {
  const std::lock_guard lock(mutex_);
  const bool thread_free = queue_.size() < idle_ || threads_.size() < options_.threads_max;
  if (!thread_free && limited_ >= options_.queue_max) return false;
  push({std::move(task), true});
  return true;
}

void WorkerPool::run(Task task) {
  const std::lock_guard lock(mutex_);
  push({std::move(task), false});
}

std::size_t WorkerPool::queued() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

void WorkerPool::push(Waiting waiting) {
  const bool is_limited = waiting.is_limited;
  queue_.push_back(std::move(waiting));
  limited_ += is_limited ? 1 : 0;
  if (queue_.size() > idle_ && threads_.size() < options_.threads_max) {
    try {
      threads_.emplace_back([this] { work(); });
    } catch (const std::system_error&) {
      if (!threads_.empty()) return;  // The machine has no thread to give: those there are do it.
      queue_.pop_back();
      limited_ -= is_limited ? 1 : 0;
      throw;
    }
  } else {
    wake_.notify_one();
  }
}

void WorkerPool::run_now(Waiting& waiting) {
  std::optional<SpareCores::Query> query;
  if (waiting.is_limited && options_.spare_cores != nullptr) query.emplace(*options_.spare_cores);
  waiting.task();
  waiting.task = nullptr;  // What it holds is freed here, not under the mutex.
}

void WorkerPool::work() {
  const AttentiveThread attentive(options_.work);
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_;
    wake_.wait(lock, [this] { return closing_ || !queue_.empty(); });
    --idle_;
    if (queue_.empty()) return;
    Waiting waiting = std::move(queue_.front());
    limited_ -= waiting.is_limited ? 1 : 0;
    queue_.pop_front();
    lock.unlock();
    run_now(waiting);
    lock.lock();
  }
}

bool Budget::try_take(std::size_t units) {
  std::size_t taken = taken_.load(std::memory_order_relaxed);
  do {
    if (units > max_ - taken) return false;
  } while (!taken_.compare_exchange_weak(taken, taken + units, std::memory_order_relaxed));
  return true;
}

bool Lease::grow_to(std::size_t units) {
  if (units <= held_) return true;
  if (!budget_.try_take(units - held_)) return false;
  held_ = units;
  return true;
}

Admission::Admission(const Limits& limits)
    : body_bytes(limits.bodies_bytes_max),
      uploads(limits.uploads_max),
      streams(limits.streams_max),
      light({limits.light_threads, std::numeric_limits<std::size_t>::max()}),
      collect({.threads_max = limits.collect_threads,
               .queue_max = limits.collect_queue_max,
               .work = AttentiveThread::Work::Unknown}),
      query({limits.query_threads, limits.query_queue_max, &spare_cores}),
      follow({limits.follow_threads, limits.streams_max}) {}

WorkerPool& Admission::pool(WorkKind kind) {
  switch (kind) {
    case WorkKind::Light: return light;
    case WorkKind::Collect: return collect;
    case WorkKind::Query: return query;
    case WorkKind::Follow: return follow;
  }
  std::abort();
}

}  // namespace grapevine
