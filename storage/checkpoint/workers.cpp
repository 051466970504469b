#include "storage/checkpoint/workers.hpp"

#include <utility>

namespace grapevine {

Workers::Workers(std::size_t threads) {
  for (std::size_t t = 0; t < threads; ++t) threads_.emplace_back([this] { run(); });
}

Workers::~Workers() {
  wait();
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Workers::add(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    ++unfinished_;
  }
  changed_.notify_all();
}

void Workers::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return unfinished_ == 0; });
}

void Workers::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
    if (tasks_.empty()) return;
    const std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    lock.lock();
    if (--unfinished_ == 0) changed_.notify_all();
  }
}

}  // namespace grapevine
