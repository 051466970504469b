#include "storage/checkpoint/checkpointer.hpp"

#include <utility>

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

// Answers come first: this thread takes what they leave.
void yield_to_others() {
  constexpr int kNiceness = 10;
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), kNiceness);
}

}  // namespace

Checkpointer::Checkpointer(Options options, CheckpointFiles files, Source source,
                           std::uint64_t log_bytes)
    : options_(options),
      source_(std::move(source)),
      files_(std::move(files)),
      new_log_bytes_(log_bytes) {
  if (!files_.generations().empty()) {
    const Manifest& newest = files_.generations().back();
    facts_.generation = newest.generation;
    facts_.sequence = newest.sequence;
    facts_.bytes = newest.bytes();
  }
  thread_ = std::thread([this] { run(); });
}

Checkpointer::~Checkpointer() { stop(); }

void Checkpointer::logged(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  new_log_bytes_ += bytes;
  if (is_due()) wake_.notify_all();
}

absl::Status Checkpointer::checkpoint() { return write(); }

void Checkpointer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Checkpointer::finish() {
  std::unique_lock lock(mutex_);
  // A quarter of what makes one due is read again in a second or two.
  const bool is_long = new_log_bytes_ > options_.log_bytes / 4;
  lock.unlock();
  if (is_long) write().IgnoreError();  // The log has all of it.
}

CheckpointFacts Checkpointer::facts() const {
  const std::lock_guard lock(mutex_);
  return facts_;
}

// Precondition: mutex_ is held.
bool Checkpointer::is_due() const { return new_log_bytes_ >= tried_at_ + options_.log_bytes; }

void Checkpointer::run() {
  yield_to_others();
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait_for(lock, options_.interval, [this] { return stopping_ || is_due(); });
    if (stopping_) return;
    if (new_log_bytes_ == 0) continue;
    lock.unlock();
    write().IgnoreError();  // facts() has it; the next one may do better.
    lock.lock();
  }
}

absl::Status Checkpointer::write() {
  const std::lock_guard writing(writing_mutex_);
  const auto attempt = [this]() -> absl::Status {
    std::unique_lock lock(mutex_);
    const std::uint64_t covered = new_log_bytes_;  // Or more: what comes before the freeze.
    lock.unlock();
    GRAPEVINE_ASSIGN_OR_RETURN(const Moment moment, source_.freeze());
    GRAPEVINE_RETURN_IF_ERROR(files_.write(moment, source_.copy_message_ids));
    lock.lock();
    new_log_bytes_ -= covered;
    tried_at_ = 0;
    const Manifest& newest = files_.generations().back();
    ++facts_.written;
    facts_.generation = newest.generation;
    facts_.sequence = newest.sequence;
    facts_.bytes = newest.bytes();
    lock.unlock();
    // What the older one has, and the newer one too, the log need not repeat.
    if (files_.generations().size() == 2) {
      GRAPEVINE_RETURN_IF_ERROR(source_.cut_log(files_.generations().front().sequence));
    }
    return files_.remove_unneeded();
  };
  absl::Status status = attempt();
  const std::lock_guard lock(mutex_);
  if (!status.ok()) tried_at_ = new_log_bytes_;
  facts_.last = status;
  return status;
}

}  // namespace grapevine
