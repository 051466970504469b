#include "kernels/segment/step_times.hpp"

#include <algorithm>
#include <cassert>

namespace grapevine {
namespace {

// A first event so long ago that no window reaches it, and the longest window that there is.
constexpr TimeMs kNoFirst = -(TimeMs{1} << 60);
constexpr TimeMs kLongest = TimeMs{1} << 59;

// A block of CustomerColumn holds whole tasks: its low halves say a task's customer.
constexpr std::size_t customer_of(std::uint16_t low) {
  return low & (CustomerMoment::kCustomers - 1);
}
static_assert(kCustomersPerBlock % CustomerMoment::kCustomers == 0);

}  // namespace

void StepTimes::reset(TimeMs unit_ms) {
  unit_ms_ = unit_ms;
  size_ = 0;
  next_ = 0;
  pieces_.clear();
  scattered_.clear();
}

// Without a branch a row: nobody could guess who is wanted.
void StepTimes::add(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
                    std::span<const std::uint8_t> wanted, std::span<std::uint8_t> has) {
  const std::size_t begin = size_;
  const std::size_t room = size_ + (rows.end - rows.begin);
  if (rows_.size() < room) rows_.resize(std::max(room, 2 * rows_.size()));
  const std::uint16_t* const lows = run.customers.lows().data();
  std::uint32_t* const kept = rows_.data();
  std::size_t size = size_;
  if (mask.empty()) {
    for (std::size_t row = rows.begin; row < rows.end; ++row) {
      const std::size_t customer = customer_of(lows[row]);
      kept[size] = static_cast<std::uint32_t>(row);
      size += wanted[customer];
      has[customer] = 1;
    }
  } else {
    for (std::size_t row = rows.begin; row < rows.end; ++row) {
      const std::size_t customer = customer_of(lows[row]);
      const std::uint8_t meant = mask[row - rows.begin];
      kept[size] = static_cast<std::uint32_t>(row);
      size += static_cast<std::size_t>(wanted[customer] & meant);
      has[customer] |= meant;
    }
  }
  size_ = size;
  if (size_ != begin) pieces_.push_back({span_of(run.first), &run, begin, size_});
}

template <typename Body>
void StepTimes::for_each_word(const Piece& piece, const Body& body) const {
  const std::uint16_t* const lows = piece.run->customers.lows().data();
  const auto base = static_cast<TimeMs>(piece.run->times.base() ^ Run::kSignBit);
  piece.run->times.visit([&](const auto offsets) {
    for (std::size_t i = piece.begin; i < piece.end; ++i) {
      const std::uint32_t row = rows_[i];
      const std::size_t customer = customer_of(lows[row]);
      TimeMs time = base + static_cast<TimeMs>(offsets[row]);
      if (unit_ms_ > 1) time -= time % unit_ms_;
      body(CustomerMoment::of(customer, time), wanted_[customer]);
    }
  });
}

void StepTimes::arrange(std::span<const std::uint8_t> wanted) {
  wanted_ = wanted;
  const auto is_scattered = [&](const Piece& piece) {
    const Run& run = *piece.run;
    if (span_of(run.first) == span_of(run.last)) return false;
    for_each_word(piece, [&](std::uint64_t word, std::uint8_t is_wanted) {
      if (is_wanted == 0) return;
      scattered_.emplace_back(span_of(CustomerMoment::time(word)), word);
    });
    return true;
  };
  pieces_.erase(std::remove_if(pieces_.begin(), pieces_.end(), is_scattered), pieces_.end());
  std::sort(scattered_.begin(), scattered_.end());
  for (std::size_t begin = 0; begin < scattered_.size();) {
    std::size_t end = begin;
    while (end < scattered_.size() && scattered_[end].first == scattered_[begin].first) ++end;
    pieces_.push_back({scattered_[begin].first, nullptr, begin, end});
    begin = end;
  }
  std::stable_sort(pieces_.begin(), pieces_.end(),
                   [](const Piece& a, const Piece& b) { return a.week < b.week; });
}

void StepTimes::take(TimeSpan week, std::vector<std::uint64_t>& words) {
  words.clear();
  for (; this->week() == week; ++next_) {
    const Piece& piece = pieces_[next_];
    const std::size_t sorted = words.size();
    std::size_t size = sorted;
    words.resize(sorted + (piece.end - piece.begin));
    if (piece.run == nullptr) {
      for (std::size_t i = piece.begin; i < piece.end; ++i) words[size++] = scattered_[i].second;
    } else {
      for_each_word(piece, [&](std::uint64_t word, std::uint8_t is_wanted) {
        words[size] = word;
        size += is_wanted;
      });
    }
    words.resize(size);
    if (sorted == 0) continue;
    std::inplace_merge(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(sorted),
                       words.end());
  }
}

StepChain::StepChain(std::size_t steps, std::optional<TimeMs> window_ms, SameMoment same_moment)
    : window_ms_(std::min(window_ms.value_or(kLongest), kLongest)),
      same_moment_(same_moment),
      latest_(steps) {}

// Whatever continues an earlier way to a step continues the latest one before it, too: first events
// of ways to later events are never earlier, so that one look back a step is enough. Whoever has no
// way to it within the week has the last one of the weeks before.
void StepChain::follow(std::span<StepTimes> steps, std::span<std::uint8_t> levels) {
  assert(steps.size() == latest_.size());
  for (auto& latest : latest_) latest.assign(levels.size(), kNoFirst);
  while (true) {
    TimeSpan week = StepTimes::kNoWeek;
    for (const StepTimes& step : steps) week = std::min(week, step.week());
    if (week == StepTimes::kNoWeek) return;
    steps[0].take(week, words_);
    begin_ways();
    for (std::size_t step = 1; step < steps.size(); ++step) {
      steps[step].take(week, words_);
      continue_ways(step, levels);
      keep_latest(step - 1);
      std::swap(ways_, next_);
    }
  }
}

void StepChain::begin_ways() {
  ways_.clear();
  for (const std::uint64_t word : words_) ways_.push_back({word, CustomerMoment::time(word)});
}

void StepChain::continue_ways(std::size_t step, std::span<std::uint8_t> levels) {
  const std::span<const TimeMs> latest = latest_[step - 1];
  const auto level = static_cast<std::uint8_t>(step + 1);
  next_.resize(words_.size());
  std::size_t size = 0;
  std::size_t before = 0;  // So many ways are to words that may be continued.
  const bool continues = same_moment_ == SameMoment::Continued;
  for (const std::uint64_t word : words_) {
    while (before < ways_.size() && ways_[before].word < word + (continues ? 1 : 0)) ++before;
    if (same_moment_ == SameMoment::Hiding && before < ways_.size() && ways_[before].word == word) {
      continue;
    }
    const std::size_t customer = CustomerMoment::customer(word);
    const bool is_of_week =
        before > 0 && CustomerMoment::customer(ways_[before - 1].word) == customer;
    const TimeMs first = is_of_week ? ways_[before - 1].first : latest[customer];
    next_[size] = {word, first};
    if (CustomerMoment::time(word) - first > window_ms_) continue;
    levels[customer] = std::max(levels[customer], level);
    ++size;
  }
  next_.resize(size);
}

void StepChain::keep_latest(std::size_t step) {
  for (const Way& way : ways_) latest_[step][CustomerMoment::customer(way.word)] = way.first;
}

}  // namespace grapevine
