#include "kernels/segment/sequence_matcher.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace grapevine {
namespace {

constexpr TimeMs kNone = std::numeric_limits<TimeMs>::min();

}  // namespace

SequenceMatcher::SequenceMatcher(std::vector<bool> negated, std::optional<TimeMs> window_ms,
                                 TimeMs as_of)
    : negated_(std::move(negated)), window_ms_(window_ms), as_of_(as_of) {
  for (const bool is_negated : negated_) {
    place_.push_back(matched_steps_);
    matched_steps_ += is_negated ? 0 : 1;
  }
  end_begins_ = negated_.size();
  while (end_begins_ > 0 && negated_[end_begins_ - 1]) --end_begins_;
  levels_ = static_cast<std::uint8_t>(matched_steps_ + (end_begins_ < negated_.size() ? 1 : 0));
}

std::uint8_t SequenceMatcher::level(std::span<const StepEvent> events) {
  return end_begins_ == negated_.size() ? level_of_open_end(events) : level_of_negated_end(events);
}

// Of all ways to a level the one with the latest first event is kept: whatever continues another
// one continues it, too, since it has most time left and a negated step ends them all at once.
std::uint8_t SequenceMatcher::level_of_open_end(std::span<const StepEvent> events) {
  latest_first_.assign(matched_steps_, kNone);
  std::size_t reached = 0;
  for (const StepEvent& event : events) {
    const std::size_t place = place_[event.step];
    if (negated_[event.step]) {
      latest_first_[place - 1] = kNone;
      continue;
    }
    TimeMs first = event.time;
    if (place > 0) {
      first = latest_first_[place - 1];
      if (first == kNone || !in_window(first, event.time)) continue;
    }
    latest_first_[place] = std::max(latest_first_[place], first);
    reached = std::max(reached, place + 1);
    if (reached == matched_steps_) break;
  }
  return static_cast<std::uint8_t>(reached);
}

// Here the time that must be quiet ends with the first event's window, so that an earlier first
// event may do where a later one does not: all of them are kept, as ranges of their numbers, which
// stay whole unless a negated step in between cuts them.
std::uint8_t SequenceMatcher::level_of_negated_end(std::span<const StepEvent> events) {
  firsts_.clear();
  quiet_ends_.clear();
  reached_.resize(matched_steps_);
  for (auto& ranges : reached_) ranges.clear();
  for (const StepEvent& event : events) {
    if (event.step >= end_begins_) quiet_ends_.push_back(event.time);
  }
  std::size_t reached = 0;
  std::vector<Firsts> arriving;
  for (const StepEvent& event : events) {
    if (event.step >= end_begins_) continue;
    const std::size_t place = place_[event.step];
    if (negated_[event.step]) {
      reached_[place - 1].clear();
      continue;
    }
    arriving.clear();
    if (place == 0) {
      arriving.push_back({firsts_.size(), firsts_.size() + 1});
      firsts_.push_back(event.time);
    } else {
      const auto begin = static_cast<std::size_t>(
          std::lower_bound(firsts_.begin(), firsts_.end(), event.time - *window_ms_) -
          firsts_.begin());
      for (const Firsts& range : reached_[place - 1]) {
        if (range.end > begin) arriving.push_back({std::max(range.begin, begin), range.end});
      }
      if (arriving.empty()) continue;
    }
    reached = std::max(reached, place + 1);
    if (place + 1 == matched_steps_ && ends_quietly(arriving, event.time)) return levels_;
    join(reached_[place], arriving);
  }
  return static_cast<std::uint8_t>(reached);
}

// Whether one of the first events that lead to a last match at `last` has a window in which nothing
// of the negated end follows, and which has passed.
bool SequenceMatcher::ends_quietly(const std::vector<Firsts>& reached_by, TimeMs last) const {
  const auto next = std::upper_bound(quiet_ends_.begin(), quiet_ends_.end(), last);
  const TimeMs quiet_until = next == quiet_ends_.end() ? as_of_ : std::min(*next, as_of_);
  const TimeMs first_max = quiet_until - *window_ms_;
  return std::any_of(reached_by.begin(), reached_by.end(),
                     [&](const Firsts& range) { return firsts_[range.begin] <= first_max; });
}

// Both ascend; so does their union.
void SequenceMatcher::join(std::vector<Firsts>& into, const std::vector<Firsts>& added) {
  joined_.clear();
  const auto take = [&](const Firsts& range) {
    if (!joined_.empty() && range.begin <= joined_.back().end) {
      joined_.back().end = std::max(joined_.back().end, range.end);
    } else {
      joined_.push_back(range);
    }
  };
  auto mine = into.begin();
  for (const Firsts& range : added) {
    for (; mine != into.end() && mine->begin <= range.begin; ++mine) take(*mine);
    take(range);
  }
  for (; mine != into.end(); ++mine) take(*mine);
  std::swap(into, joined_);
}

}  // namespace grapevine
