#include "storage/work_queue.hpp"

#include <utility>

namespace grapevine {
namespace {

std::size_t bytes_of(const Batch& batch) {
  return sizeof(Batch) + batch.strings.bytes() + batch.strings.size() * 16 +
         batch.events.size() * sizeof(EventRow) + batch.traits.size() * sizeof(TraitRow) +
         batch.cells.size() * sizeof(Cell) + batch.links.size() * sizeof(IdentityLink);
}

}  // namespace

void WorkQueue::push(Pending work) {
  if (work.bytes == 0) work.bytes = bytes_of(work.batch);
  std::unique_lock lock(mutex_);
  if (absl::Status refused = refusal(work.bytes); !refused.ok()) {
    lock.unlock();
    return work.done(refused);
  }
  bytes_ += work.bytes;
  queue_.push_back(std::move(work));
  lock.unlock();
  wake_.notify_one();
}

// Why so many bytes may not wait now; OK: they may. Precondition: mutex_ is held.
absl::Status WorkQueue::refusal(std::size_t bytes) const {
  if (!failed_.ok()) return failed_;
  if (bytes_ > 0 && bytes_ + bytes > bytes_max_) {
    return absl::ResourceExhaustedError("too much is waiting to be stored: try again");
  }
  return absl::OkStatus();
}

std::optional<std::vector<Pending>> WorkQueue::take(Clock::time_point deadline) {
  std::vector<Pending> together;
  std::unique_lock lock(mutex_);
  const auto called = [this] { return stopping_ || !queue_.empty() || !errands_.empty(); };
  wake_.wait_until(lock, deadline, called);
  if (stopping_ && queue_.empty() && errands_.empty()) return std::nullopt;
  std::size_t bytes = 0;
  while (!queue_.empty() && together.size() < kTogetherMax && bytes < kTogetherBytes) {
    // A change is decided on what stands, so what came before it is stored first.
    if (queue_.front().decide && !together.empty()) break;
    bytes += queue_.front().bytes;
    together.push_back(std::move(queue_.front()));
    queue_.pop_front();
    if (together.back().decide) break;
  }
  return together;
}

void WorkQueue::run_errands() {
  std::vector<Errand> errands;
  absl::Status failed;
  {
    const std::lock_guard lock(mutex_);
    errands.swap(errands_);
    failed = failed_;
  }
  for (const Errand& errand : errands) errand(failed);
}

void WorkQueue::release(const std::vector<Pending>& taken) {
  std::size_t bytes = 0;
  for (const Pending& work : taken) bytes += work.bytes;
  const std::lock_guard lock(mutex_);
  bytes_ -= bytes;
}

std::deque<Pending> WorkQueue::fail(const absl::Status& why) {
  std::deque<Pending> waiting;
  const std::lock_guard lock(mutex_);
  failed_ = why;
  waiting.swap(queue_);
  for (const Pending& work : waiting) bytes_ -= work.bytes;
  return waiting;
}

absl::Status WorkQueue::status() const {
  const std::lock_guard lock(mutex_);
  return failed_;
}

void WorkQueue::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
}

}  // namespace grapevine
