#include "kernels/segment/step_times.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace grapevine {

void StepTimes::reset() {
  size_ = 0;
  stretches_.clear();
}

// Without a branch a row: nobody could guess who is wanted.
void StepTimes::add(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
                    std::size_t first, std::span<const std::uint8_t> wanted,
                    std::span<std::uint8_t> has) {
  const std::size_t begin = size_;
  const std::size_t room = size_ + (rows.end - rows.begin);
  if (rows_.size() < room) rows_.resize(std::max(room, 2 * rows_.size()));
  const std::uint64_t base = run.times.base();
  run.times.visit([&](const auto offsets) {
    const auto add_rows = [&](const auto& is_meant) {
      run.customers.for_each(rows.begin, rows.end, [&](std::size_t row, CustomerId id) {
        const auto customer = static_cast<std::uint32_t>(index(id) - first);
        const std::uint8_t meant = is_meant(row);
        rows_[size_] = {static_cast<TimeMs>((base + offsets[row]) ^ Run::kSignBit), customer};
        has[customer] |= meant;
        size_ += static_cast<std::size_t>(wanted[customer] & meant);
      });
    };
    if (mask.empty()) {
      add_rows([](std::size_t) { return std::uint8_t{1}; });
    } else {
      add_rows([&](std::size_t row) { return mask[row - rows.begin]; });
    }
  });
  stretches_.push_back({run.first, run.last, begin, size_});
}

void StepTimes::deal(std::size_t customers) {
  std::stable_sort(stretches_.begin(), stretches_.end(),
                   [](const Stretch& a, const Stretch& b) { return a.first < b.first; });
  begins_.assign(customers + 1, 0);
  for (std::size_t i = 0; i < size_; ++i) ++begins_[rows_[i].customer + 1];
  for (std::size_t i = 1; i < begins_.size(); ++i) begins_[i] += begins_[i - 1];
  ends_.assign(begins_.begin(), begins_.end() - 1);
  if (times_.size() < size_) times_.resize(rows_.size());
  bool is_sorted = true;  // As long as runs follow one another: each is sorted in itself.
  TimeMs last = std::numeric_limits<TimeMs>::min();
  for (const Stretch& stretch : stretches_) {
    is_sorted = is_sorted && last <= stretch.first;
    last = std::max(last, stretch.last);
    for (std::size_t i = stretch.begin; i < stretch.end; ++i) {
      const auto [time, customer] = rows_[i];
      times_[ends_[customer]++] = time;
    }
  }
  if (is_sorted) return;
  for (std::size_t i = 0; i < customers; ++i) {
    const std::span mine = std::span(times_).subspan(begins_[i], begins_[i + 1] - begins_[i]);
    if (!std::is_sorted(mine.begin(), mine.end())) std::sort(mine.begin(), mine.end());
  }
}

// Whatever continues an earlier way to a step continues the latest one before it, too: first events
// of ways to later events are never earlier, so that one look back a step is enough.
std::uint8_t StepChain::level(std::span<const StepTimes> steps, std::size_t customer) {
  reached_.clear();
  for (const TimeMs time : steps[0].of(customer)) reached_.push_back({time, time});
  std::uint8_t level = 0;
  for (const StepTimes& step : steps.subspan(1)) {
    if (reached_.empty()) return level;
    ++level;
    next_.clear();
    std::size_t before = 0;  // So many were reached before the time.
    for (const TimeMs time : step.of(customer)) {
      while (before < reached_.size() && reached_[before].time < time) ++before;
      if (before == 0) continue;
      const TimeMs first = reached_[before - 1].first;
      if (window_ms_ && time - first > *window_ms_) continue;
      next_.push_back({time, first});
    }
    std::swap(reached_, next_);
  }
  return static_cast<std::uint8_t>(level + (reached_.empty() ? 0 : 1));
}

}  // namespace grapevine
