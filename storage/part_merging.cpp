#include "storage/part_merging.hpp"

#include <utility>

#include "storage/delta.hpp"
#include "storage/part_builder.hpp"

namespace grapevine {
namespace {

// Tiers by rows, so that a part's tier follows from itself: each spans a factor of kFanIn.
int tier_of(const Part& part) {
  int tier = 0;
  for (std::size_t rows = DeltaBlock::kRows; part.rows > rows; rows *= PartMerging::kFanIn) ++tier;
  return tier;
}

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
}

std::optional<PartMerging::Neighbours> PartMerging::find_work() {
  const std::lock_guard lock(state_mutex_);
  const auto& parts = state_.parts();
  for (std::size_t begin = 0, end = 0; begin < parts.size(); begin = end) {
    for (end = begin + 1; end < parts.size() && tier_of(*parts[end]) == tier_of(*parts[begin]);)
      ++end;
    if (end - begin < kFanIn) continue;
    const auto first = parts.begin() + static_cast<std::ptrdiff_t>(begin);
    return Neighbours{begin, {first, first + kFanIn}, state_.code_of_text()};
  }
  return std::nullopt;
}

void PartMerging::run() {
  for (;;) {
    {
      std::unique_lock lock(wake_mutex_);
      wake_.wait(lock, [this] { return stopping_ || notified_; });
      if (stopping_) return;
      notified_ = false;
    }
    while (const auto work = find_work()) {
      {
        const std::lock_guard lock(wake_mutex_);
        if (stopping_) return;
      }
      auto merged = merge_parts(work->parts, work->code_of_text);
      // Parts only come behind these, so they stand where they stood.
      const std::lock_guard lock(state_mutex_);
      state_.replace_parts(work->first, work->parts.size(), std::move(merged));
      publish_();
    }
  }
}

}  // namespace grapevine
