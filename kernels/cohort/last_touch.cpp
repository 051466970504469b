#include "kernels/cohort/last_touch.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <span>
#include <tuple>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/meant_rows.hpp"
#include "kernels/segment/run_codes.hpp"
#include "kernels/segment/stretch_walk.hpp"

namespace grapevine {
namespace {

// Customers whose goals are kept at a time: they fit a second-level cache.
constexpr std::size_t kCustomersTogether = 8192;
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
    has_goal_.assign(customers, 0);
  }
  void add(const Goal& goal) {
    goals_.push_back(goal);
    has_goal_[goal.customer] = 1;
  }
  // By customer: 1 or 0.
  [[nodiscard]] std::span<const std::uint8_t> has_goal() const { return has_goal_; }
  [[nodiscard]] std::span<const Goal> all() const { return goals_; }

  void sort() {
    std::sort(goals_.begin(), goals_.end(), [](const Goal& a, const Goal& b) {
      return std::tie(a.customer, a.time, a.sequence) < std::tie(b.customer, b.time, b.sequence);
    });
    for (const Goal& goal : goals_) ++begins_[goal.customer + 1];
    for (std::size_t i = 1; i < begins_.size(); ++i) begins_[i] += begins_[i - 1];
  }

  // The goals of a customer.
  [[nodiscard]] std::span<Goal> of(std::size_t customer) {
    return std::span(goals_).subspan(begins_[customer], begins_[customer + 1] - begins_[customer]);
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
  std::vector<Goal> goals_;
  std::vector<std::uint32_t> begins_;  // By customer, and the end.
  std::vector<std::uint8_t> has_goal_;
};

bool is_before(TimeMs time, const Run& run, std::size_t row, const Goal& goal) {
  return time < goal.time || (time == goal.time && run.sequences.at(row) < goal.sequence);
}

// Gives a touch to the goal that comes right after it.
void touch(Goal& goal, TimeMs time, const Run& run, std::size_t row) {
  if (time < goal.touched) return;
  if (time == goal.touched && run.sequences.at(row) < goal.run->sequences.at(goal.row)) return;
  goal.touched = time;
  goal.run = &run;
  goal.row = row;
}

// Calls `body(row, customer)` for the rows that are meant of customers with a goal. They are
// gathered first, without a branch: nobody could guess who has one.
template <typename Body>
void for_each_with_goal(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
                        std::size_t first, std::span<const std::uint8_t> has_goal,
                        const Body& body) {
  constexpr std::size_t kTogether = 512;
  std::array<std::uint32_t, kTogether> gathered;
  std::array<CustomerId, kTogether> whose;
  for (std::size_t begin = rows.begin; begin < rows.end; begin += kTogether) {
    const std::size_t end = std::min(begin + kTogether, rows.end);
    std::size_t count = 0;
    const auto gather = [&](const auto& is_meant) {
      run.customers.for_each(begin, end, [&](std::size_t row, CustomerId customer) {
        gathered[count] = static_cast<std::uint32_t>(row);
        whose[count] = customer;
        count += static_cast<std::size_t>(has_goal[index(customer) - first] & is_meant(row));
      });
    };
    if (mask.empty()) {
      gather([](std::size_t) { return std::uint8_t{1}; });
    } else {
      gather([&](std::size_t row) { return mask[row - rows.begin]; });
    }
    for (std::size_t i = 0; i < count; ++i) body(gathered[i], whose[i]);
  }
}

// Gives the touches of a run to the goals that come next. A customer's rows are in order of time,
// so the goals before one of them are before the next one, too.
void touch_goals(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
                 std::size_t first, Goals& goals) {
  const std::uint64_t base = run.times.base();
  run.times.visit([&](const auto offsets) {
    std::uint32_t whose = index(kNobody);
    std::span<Goal> coming;
    const auto give = [&](std::size_t row, CustomerId customer) {
      if (index(customer) != whose) {
        whose = index(customer);
        coming = goals.of(whose - first);
      }
      if (coming.empty()) return;
      const auto time = static_cast<TimeMs>((base + offsets[row]) ^ Run::kSignBit);
      while (!is_before(time, run, row, coming.front())) {
        coming = coming.subspan(1);
        if (coming.empty()) return;
      }
      touch(coming.front(), time, run, row);
    };
    for_each_with_goal(run, rows, mask, first, goals.has_goal(), give);
  });
}

void add_goals(const Run& run, RowRange rows, std::span<const std::uint8_t> mask, std::size_t first,
               Goals& goals) {
  for_each_meant(run, rows, mask, [&](std::size_t row, CustomerId customer) {
    goals.add({.customer = static_cast<std::uint32_t>(index(customer) - first),
               .time = run.time(row),
               .sequence = run.sequences.at(row)});
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
    StretchWalk goal_walk;
    StretchWalk touch_walk;
    Goals goals;
    std::vector<std::uint8_t> mask;
    LastTouches counts;
  };
  const LastTouches none{
      std::vector<std::uint64_t>(snapshot.columns()[index(by)].dictionary->size()), 0, 0};
  const EventSelection touches_in_time = in_time(touches, goals, within_ms);
  const RowFilter goal_filter(snapshot, goals);
  const RowFilter touch_filter(snapshot, touches_in_time);
  const auto goal_runs = selected_runs(snapshot.parts(), goal_filter);
  const auto touch_runs = selected_runs(snapshot.parts(), touch_filter);
  WorkerLocal<Scratch> scratch([&] { return Scratch{{}, {}, {}, {}, none}; });
  const std::size_t customers = snapshot.customers().count();
  for_each_block(customers, kCustomersPerWalk, [&](std::size_t begin, std::size_t end) {
    Scratch& mine = scratch.mine();
    mine.goal_walk.begin(goal_runs, begin, end);
    mine.touch_walk.begin(touch_runs, begin, end);
    for (std::size_t first = begin; first < end; first += kCustomersTogether) {
      if (stop.requested()) return;
      const std::size_t last = std::min(first + kCustomersTogether, end);
      mine.goals.reset(last - first);
      mine.goal_walk.advance_to(last, [&](const LiveRun& live, RowRange rows) {
        add_goals(*live, rows, goal_filter.meant(live, rows, mine.mask), first, mine.goals);
      });
      mine.goals.sort();
      mine.touch_walk.advance_to(last, [&](const LiveRun& live, RowRange rows) {
        touch_goals(*live, rows, touch_filter.meant(live, rows, mine.mask), first, mine.goals);
      });
      mine.goals.hand_on();
      count_goals(mine.goals.all(), by, within_ms, mine.counts);
    }
  });
  if (stop.requested()) return absl::CancelledError("stopped while looking for last touches");
  LastTouches counts = none;
  scratch.for_each_made([&](const Scratch& made) { add(counts, made.counts); });
  return counts;
}

}  // namespace grapevine
