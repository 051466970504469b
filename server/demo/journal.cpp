#include "server/demo/journal.hpp"

#include <algorithm>
#include <utility>

namespace grapevine::demo {
namespace {

constexpr std::size_t kHours = kWindowDays * 24;

std::size_t hour_of(const Happening& happening) {
  return static_cast<std::size_t>(happening.time_ms() / kHourMs);
}

}  // namespace

Journal::Journal(std::size_t limit) : limit_(limit) { happenings_.reserve(limit); }

bool Journal::note(std::int64_t time_ms, Happening happening) {
  if (full() || time_ms < 0 || time_ms >= kWindowMs) return false;
  happening.time_and_number = static_cast<std::uint64_t>(time_ms) << 30 | next_number();
  happenings_.push_back(happening);
  return true;
}

// Moves everything into its hour by swaps (an American flag sort), then sorts each hour: in place,
// because a second copy of a billion happenings would not fit, and mostly within the cache.
void Journal::sort_by_time() {
  std::vector<std::size_t> end(kHours + 1);
  for (const Happening& happening : happenings_) ++end[hour_of(happening) + 1];
  for (std::size_t hour = 0; hour < kHours; ++hour) end[hour + 1] += end[hour];
  std::vector<std::size_t> next(end.begin(), end.end() - 1);

  for (std::size_t hour = 0; hour < kHours; ++hour) {
    while (next[hour] < end[hour + 1]) {
      const std::size_t home = hour_of(happenings_[next[hour]]);
      if (home != hour) std::swap(happenings_[next[hour]], happenings_[next[home]]);
      ++next[home];
    }
    const auto first = happenings_.begin() + static_cast<std::ptrdiff_t>(end[hour]);
    const auto last = happenings_.begin() + static_cast<std::ptrdiff_t>(end[hour + 1]);
    std::sort(first, last, [](const Happening& left, const Happening& right) {
      return left.time_and_number < right.time_and_number;
    });
  }
}

}  // namespace grapevine::demo
