#include "storage/purging.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "storage/part_builder.hpp"
#include "storage/status_macros.hpp"
#include "storage/string_use.hpp"

namespace grapevine {
namespace {

// After a disk that failed: time to try again.
constexpr auto kPause = std::chrono::seconds(10);

bool has_dead_rows(const Part& part) {
  return std::any_of(part.runs.begin(), part.runs.end(),
                     [](const LiveRun& run) { return run.dead() != nullptr; });
}

}  // namespace

Purging::Purging(Source source) : source_(std::move(source)) {
  for (const auto& [sequence, erasure] : source_.state.erasures()) {
    if (erasure.purged) complete_ = sequence;
  }
  thread_ = std::thread([this] { run(); });
}

Purging::~Purging() {
  {
    const std::lock_guard lock(wake_mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Purging::notify() {
  {
    const std::lock_guard lock(wake_mutex_);
    notified_ = true;
  }
  wake_.notify_one();
}

void Purging::run() {
  for (;;) {
    {
      std::unique_lock lock(wake_mutex_);
      wake_.wait(lock, [this] { return stopping_ || notified_; });
      if (stopping_) return;
      notified_ = false;
    }
    const std::uint64_t last = last_erasure();
    if (last == 0) continue;
    rewrite_parts();
    forget_strings();
    if (is_stopping()) return;
    if (rewrite_folder(last).ok()) continue;
    std::unique_lock lock(wake_mutex_);
    notified_ = true;
    wake_.wait_for(lock, kPause, [this] { return stopping_; });
  }
}

// The last of those that are to be purged; 0: there is none.
std::uint64_t Purging::last_erasure() {
  const std::lock_guard lock(source_.state_mutex);
  std::uint64_t last = 0;
  for (const auto& [sequence, erasure] : source_.state.erasures()) {
    if (sequence > complete_) last = sequence;
  }
  return last;
}

void Purging::rewrite_parts() {
  while (!is_stopping()) {
    const auto merging = source_.merging.hold();
    std::unique_lock lock(source_.state_mutex);
    const auto& parts = source_.state.parts();
    const auto found = std::find_if(parts.begin(), parts.end(),
                                    [](const auto& part) { return has_dead_rows(*part); });
    if (found == parts.end()) return;
    const std::vector<std::shared_ptr<const Part>> dying{*found};
    const ColumnStrings strings = source_.state.strings();
    lock.unlock();
    auto living = merge_parts(dying, strings);
    lock.lock();
    if (source_.state.exchange_parts(dying, std::move(living))) source_.publish();
  }
}

void Purging::forget_strings() {
  StringUse use;
  std::unique_lock lock(source_.state_mutex);
  std::shared_ptr<const Snapshot> snapshot = source_.state.publish();
  lock.unlock();
  use.look_at(std::move(snapshot));             // Most of it, while all others go on.
  const auto merging = source_.merging.hold();  // A merge may be about to use a string.
  lock.lock();
  use.look_at(source_.state.publish());
  for (Dictionary* dictionary : source_.state.string_dictionaries()) {
    for (const std::uint32_t code : use.unused(*dictionary)) dictionary->forget(code);
  }
}

absl::Status Purging::rewrite_folder(std::uint64_t last) {
  GRAPEVINE_RETURN_IF_ERROR(source_.checkpoint());
  {
    // The second one says that they are purged, so that nothing is done again when it is loaded.
    const std::lock_guard lock(source_.state_mutex);
    source_.state.mark_purged(complete_, last, true);
  }
  absl::Status status = source_.checkpoint();
  if (status.ok()) {
    complete_ = last;
  } else {
    const std::lock_guard lock(source_.state_mutex);
    source_.state.mark_purged(complete_, last, false);
  }
  return status;
}

bool Purging::is_stopping() {
  const std::lock_guard lock(wake_mutex_);
  return stopping_;
}

}  // namespace grapevine
