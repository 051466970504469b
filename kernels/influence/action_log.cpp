#include "kernels/influence/action_log.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <tuple>

#include "kernels/parallel/exclusive_scan.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/group_stably.hpp"
#include "kernels/parallel/sort.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kPeoplePerBlock = 1024;

// Which numbers occur, and how many below each do: bits where they are dense, else a sorted list.
class Ranks {
 public:
  explicit Ranks(std::span<const Action> actions) {
    std::uint32_t largest = 0;
    for (const Action& action : actions) largest = std::max(largest, action.content);
    if (largest / 64 > actions.size() + kWordsAlways) {
      list(actions);
      return;
    }
    words_.resize(largest / 64 + std::size_t{1});
    for (const Action& action : actions) {
      words_[action.content / 64] |= std::uint64_t{1} << (action.content % 64);
    }
    before_.reserve(words_.size());
    for (const std::uint64_t word : words_) {
      before_.push_back(static_cast<std::uint32_t>(count_));
      count_ += static_cast<std::size_t>(std::popcount(word));
    }
  }

  /// Precondition: the number occurs.
  [[nodiscard]] std::uint32_t of(std::uint32_t number) const {
    if (words_.empty()) {
      return static_cast<std::uint32_t>(std::ranges::lower_bound(numbers_, number) -
                                        numbers_.begin());
    }
    const std::uint64_t below = (std::uint64_t{1} << (number % 64)) - 1;
    const auto in_word = static_cast<std::uint32_t>(std::popcount(words_[number / 64] & below));
    return before_[number / 64] + in_word;
  }
  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  static constexpr std::size_t kWordsAlways = 1 << 16;

  void list(std::span<const Action> actions) {
    for (const Action& action : actions) numbers_.push_back(action.content);
    parallel_sort(std::span(numbers_), std::less());
    const auto rest = std::ranges::unique(numbers_);
    numbers_.erase(rest.begin(), rest.end());
    count_ = numbers_.size();
  }

  std::vector<std::uint64_t> words_;
  std::vector<std::uint32_t> before_;
  std::vector<std::uint32_t> numbers_;  // Where there are no words.
  std::size_t count_ = 0;
};

struct Begin {
  TimeMs time;
  std::uint32_t rank;
};

// When each content begins, by rank in the order of given numbers.
std::vector<Begin> begins_of(std::span<const Action> actions, const Ranks& ranks) {
  std::vector<Begin> begins(ranks.count());
  for (std::uint32_t rank = 0; rank != begins.size(); ++rank) {
    begins[rank] = {std::numeric_limits<TimeMs>::max(), rank};
  }
  for (const Action& action : actions) {
    TimeMs& time = begins[ranks.of(action.content)].time;
    time = std::min(time, action.time_ms);
  }
  return begins;
}

struct ContentTime {
  std::uint32_t content;
  TimeMs time;
};

// Sorts one person's actions and keeps the first on each content. Returns how many there are.
std::size_t keep_first(std::span<ContentTime> actions) {
  std::ranges::sort(actions, [](const ContentTime& a, const ContentTime& b) {
    return std::tie(a.content, a.time) < std::tie(b.content, b.time);
  });
  const auto rest = std::ranges::unique(actions, {}, &ContentTime::content);
  return actions.size() - rest.size();
}

}  // namespace

absl::StatusOr<ActionLog> build_action_log(std::span<const Action> actions, std::size_t people) {
  if (std::ranges::any_of(actions, [&](const Action& a) { return a.person >= people; })) {
    return absl::InvalidArgumentError("an action is by nobody of the graph");
  }
  const Ranks ranks(actions);
  std::vector<Begin> begins = begins_of(actions, ranks);
  parallel_sort(std::span(begins), [](const Begin& a, const Begin& b) {
    return std::tie(a.time, a.rank) < std::tie(b.time, b.rank);
  });
  ActionLog log;
  std::vector<std::uint32_t> number(begins.size());  // By rank.
  for (std::uint32_t content = 0; content != begins.size(); ++content) {
    number[begins[content].rank] = content;
    log.begins.push_back(begins[content].time);
  }

  std::vector<ContentTime> by_person(actions.size());
  const std::vector<std::size_t> offsets = group_stably(
      actions.size(), people, [&](std::size_t i) { return actions[i].person; },
      [&](std::size_t i, std::size_t position) {
        by_person[position] = {number[ranks.of(actions[i].content)], actions[i].time_ms};
      });
  log.offsets.resize(people + 1);
  for_each_block(people, kPeoplePerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t v = begin; v != end; ++v) {
      log.offsets[v] =
          keep_first(std::span(by_person).subspan(offsets[v], offsets[v + 1] - offsets[v]));
    }
  });
  const std::size_t kept = exclusive_scan(std::span(log.offsets));
  log.contents.resize(kept);
  log.times.resize(kept);
  for_each_block(people, kPeoplePerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t v = begin; v != end; ++v) {
      for (std::size_t i = log.offsets[v]; i != log.offsets[v + 1]; ++i) {
        const ContentTime& action = by_person[offsets[v] + i - log.offsets[v]];
        log.contents[i] = action.content;
        log.times[i] = action.time;
      }
    }
  });
  return log;
}

}  // namespace grapevine
