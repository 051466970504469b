#include "kernels/cohort/last_touch.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <tuple>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/run_codes.hpp"
#include "kernels/segment/stretches.hpp"

namespace grapevine {
namespace {

constexpr TimeMs kNoTouch = std::numeric_limits<TimeMs>::min();

struct Goal {
  std::uint32_t customer = 0;  // From the first of the task on.
  TimeMs time = 0;
  std::uint64_t sequence = 0;
  TimeMs touched = kNoTouch;  // The last touch before it and after the goal before it.
  const Run* run = nullptr;   // Where that touch stands.
  std::size_t row = 0;
};

// The goals of one block of customers, by customer and then in the store's order.
class Goals {
 public:
  void reset(std::size_t customers) {
    goals_.clear();
    begins_.assign(customers + 1, 0);
  }
  void add(const Goal& goal) { goals_.push_back(goal); }
  [[nodiscard]] bool empty() const { return goals_.empty(); }
  [[nodiscard]] std::span<const Goal> all() const { return goals_; }

  void sort() {
    std::sort(goals_.begin(), goals_.end(), [](const Goal& a, const Goal& b) {
      return std::tie(a.customer, a.time, a.sequence) < std::tie(b.customer, b.time, b.sequence);
    });
    for (const Goal& goal : goals_) ++begins_[goal.customer + 1];
    for (std::size_t i = 1; i < begins_.size(); ++i) begins_[i] += begins_[i - 1];
  }

  // Gives a touch to the goal that comes next.
  void touch(std::size_t customer, TimeMs time, const Run& run, std::size_t row) {
    const std::size_t end = begins_[customer + 1];
    std::size_t g = begins_[customer];
    while (g < end && !is_before(time, run, row, goals_[g])) ++g;
    if (g == end) return;
    Goal& goal = goals_[g];
    if (time < goal.touched) return;
    if (time == goal.touched && run.sequences.at(row) < goal.run->sequences.at(goal.row)) return;
    goal.touched = time;
    goal.run = &run;
    goal.row = row;
  }

  // A goal that nothing came right before shares the touch of the goal before it.
  void hand_on() {
    for (std::size_t g = 1; g < goals_.size(); ++g) {
      Goal& goal = goals_[g];
      const Goal& before = goals_[g - 1];
      if (goal.touched != kNoTouch || goal.customer != before.customer) continue;
      goal.touched = before.touched;
      goal.run = before.run;
      goal.row = before.row;
    }
  }

 private:
  static bool is_before(TimeMs time, const Run& run, std::size_t row, const Goal& goal) {
    return time < goal.time || (time == goal.time && run.sequences.at(row) < goal.sequence);
  }

  std::vector<Goal> goals_;
  std::vector<std::uint32_t> begins_;  // By customer, and the end.
};

// Calls `body(row, customer, time)`, customers counted from `first`, for the rows that are meant.
template <typename Body>
void for_each_moment(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
                     std::size_t first, const Body& body) {
  const std::uint64_t base = run.times.base();
  run.times.visit([&](const auto offsets) {
    for_each_meant(run, rows, mask, [&](std::size_t row, CustomerId customer) {
      body(row, index(customer) - first,
           static_cast<TimeMs>((base + offsets[row]) ^ Run::kSignBit));
    });
  });
}

// The touches that may come in time for some goal.
EventSelection in_time(const EventSelection& touches, const EventSelection& goals,
                       TimeMs within_ms) {
  EventSelection selection = touches;
  const bool reaches_back = goals.from < std::numeric_limits<TimeMs>::min() + within_ms;
  if (!reaches_back) selection.from = std::max(selection.from, goals.from - within_ms);
  if (goals.to < std::numeric_limits<TimeMs>::max()) {  // At the same time one may be before.
    selection.to = std::min(selection.to, goals.to);
  }
  return selection;
}

void count_goals(std::span<const Goal> goals, ColumnId by, TimeMs within_ms, LastTouches& counts) {
  for (const Goal& goal : goals) {
    if (goal.touched == kNoTouch || goal.time - goal.touched > within_ms) {
      ++counts.goals_without_touch;
      continue;
    }
    const RunColumn* column = goal.run->column(by);
    if (column == nullptr || !column->has(goal.row)) {
      ++counts.goals_without_value;
    } else {
      ++counts.goals_by_code[codes_of(column)->at(goal.row)];
    }
  }
}

void add(LastTouches& sum, const LastTouches& more) {
  for (std::size_t i = 0; i < sum.goals_by_code.size(); ++i) {
    sum.goals_by_code[i] += more.goals_by_code[i];
  }
  sum.goals_without_value += more.goals_without_value;
  sum.goals_without_touch += more.goals_without_touch;
}

}  // namespace

absl::StatusOr<LastTouches> count_last_touches(const Snapshot& snapshot,
                                               const EventSelection& goals,
                                               const EventSelection& touches, ColumnId by,
                                               TimeMs within_ms, const Stop& stop) {
  if (absl::Status codes = check_codes(snapshot, touches, by); !codes.ok()) return codes;
  struct Scratch {
    Goals goals;
    std::vector<std::uint8_t> mask;
    LastTouches counts;
  };
  const LastTouches none{
      std::vector<std::uint64_t>(snapshot.columns()[index(by)].dictionary->size()), 0, 0};
  const EventSelection touches_in_time = in_time(touches, goals, within_ms);
  const RowFilter goal_filter(snapshot, goals);
  const RowFilter touch_filter(snapshot, touches_in_time);
  const auto parts = snapshot.parts();  // Sorts what came last, before tasks look at it.
  WorkerLocal<Scratch> scratch([&] { return Scratch{{}, {}, none}; });
  for_each_block(
      snapshot.customers().count(), kCustomersPerTask, [&](std::size_t first, std::size_t last) {
        if (stop.requested()) return;
        Scratch& mine = scratch.mine();
        mine.goals.reset(last - first);
        for_each_stretch(parts, goal_filter, first, last, mine.mask,
                         [&](const LiveRun& live, RowRange rows, const auto& mask) {
                           for_each_moment(
                               *live, rows, mask, first,
                               [&](std::size_t row, std::size_t customer, TimeMs time) {
                                 mine.goals.add({.customer = static_cast<std::uint32_t>(customer),
                                                 .time = time,
                                                 .sequence = live->sequences.at(row)});
                               });
                         });
        if (mine.goals.empty()) return;
        mine.goals.sort();
        for_each_stretch(parts, touch_filter, first, last, mine.mask,
                         [&](const LiveRun& live, RowRange rows, const auto& mask) {
                           for_each_moment(*live, rows, mask, first,
                                           [&](std::size_t row, std::size_t customer, TimeMs time) {
                                             mine.goals.touch(customer, time, *live, row);
                                           });
                         });
        mine.goals.hand_on();
        count_goals(mine.goals.all(), by, within_ms, mine.counts);
      });
  if (stop.requested()) return absl::CancelledError("stopped while looking for last touches");
  LastTouches counts = none;
  scratch.for_each_made([&](const Scratch& made) { add(counts, made.counts); });
  return counts;
}

}  // namespace grapevine
