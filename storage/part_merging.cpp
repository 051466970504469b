#include "storage/part_merging.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include "storage/delta.hpp"
#include "storage/part_builder.hpp"
#include "storage/part_tiers.hpp"

namespace grapevine {
namespace {

// So many parts that were deltas may wait to be merged before the writer waits for that.
constexpr std::size_t kSmallPartsMax = 512;

// No new part for so long: time to tidy.
constexpr auto kQuiet = std::chrono::milliseconds(200);

// A third of the writer's share where both want the processor. It may fail where that is forbidden.
constexpr int kNiceness = 5;

}  // namespace

PartMerging::PartMerging(StoreState& state, std::mutex& state_mutex, std::function<void()> publish)
    : state_(state), state_mutex_(state_mutex), publish_(std::move(publish)), notified_(true) {
  thread_ = std::thread([this] { run(); });
}

PartMerging::~PartMerging() {
  {
    const std::lock_guard lock(wake_mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void PartMerging::notify() {
  {
    const std::lock_guard lock(wake_mutex_);
    notified_ = true;
  }
  wake_.notify_one();
  while (is_behind()) {
    std::unique_lock lock(wake_mutex_);
    merged_.wait_for(lock, kQuiet);
  }
}

bool PartMerging::is_behind() {
  const std::lock_guard lock(state_mutex_);
  const auto& parts = state_.parts();
  const auto small = std::count_if(
      parts.begin(), parts.end(), [](const auto& part) { return part->rows <= DeltaBlock::kRows; });
  return static_cast<std::size_t>(small) > kSmallPartsMax && !due_merge(parts).empty();
}

bool PartMerging::is_stopping() {
  const std::lock_guard lock(wake_mutex_);
  return stopping_;
}

std::optional<PartMerging::Work> PartMerging::find_work(Urgency urgency) {
  const std::lock_guard lock(state_mutex_);
  auto parts = urgency == Urgency::Due ? due_merge(state_.parts()) : tidy_merge(state_.parts());
  if (parts.empty()) return std::nullopt;
  return Work{std::move(parts), state_.strings()};
}

void PartMerging::merge(const Work& work) {
  const std::lock_guard merging(merging_mutex_);
  auto merged = merge_parts(work.parts, work.strings);
  {
    const std::lock_guard lock(state_mutex_);
    if (state_.exchange_parts(work.parts, std::move(merged))) publish_();
  }
  merged_.notify_all();
}

void PartMerging::run() {
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNiceness);
  for (bool tidied = false, merged = false;;) {
    bool quiet = false;
    {
      std::unique_lock lock(wake_mutex_);
      const auto called = [this] { return stopping_ || notified_; };
      if (tidied) {
        wake_.wait(lock, called);
      } else {
        quiet = !wake_.wait_for(lock, kQuiet, called);
      }
      if (stopping_) return;
      notified_ = false;
    }
    tidied = false;
    while (const auto work = find_work(Urgency::Due)) {
      if (is_stopping()) return;
      merge(*work);
      merged = true;
    }
    if (!quiet) continue;
    const auto work = find_work(Urgency::Tidy);
    if (work) {
      merge(*work);
      merged = true;
      continue;
    }
    tidied = true;
    // What merges and the import before them left behind goes back to the system.
    if (std::exchange(merged, false)) ::malloc_trim(0);
  }
}

}  // namespace grapevine
