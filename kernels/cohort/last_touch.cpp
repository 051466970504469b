#include "kernels/cohort/last_touch.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <span>
#include <tuple>
#include <utility>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/meant_rows.hpp"
#include "kernels/segment/run_codes.hpp"
#include "kernels/segment/run_range.hpp"
#include "kernels/segment/stretch_walk.hpp"

namespace grapevine {
namespace {

constexpr TimeMs kNoTouch = std::numeric_limits<TimeMs>::min();

struct Goal {
  std::uint32_t customer = 0;  // From the first of the block on.
  TimeMs time = 0;
  std::uint64_t sequence = 0;
  TimeMs touched = kNoTouch;  // The last touch before it and after the goal before it.
  const Run* run = nullptr;   // Where that touch stands.
  std::size_t row = 0;
};

bool is_earlier(const Goal& a, const Goal& b) {
  if (a.customer != b.customer) return a.customer < b.customer;
  return std::tie(a.time, a.sequence) < std::tie(b.time, b.sequence);
}

// Which rows of the customers, in runs of some stretch of time, may be the last touch of a goal.
struct Wanted {
  static constexpr std::uint8_t kNoRow = 0;
  static constexpr std::uint8_t kLastRow = 1;      // A goal comes after the stretch.
  static constexpr std::uint8_t kBeforeGoal = 2;   // A goal lies within the stretch;
  static constexpr std::uint8_t kBeforeGoals = 4;  // several do.

  std::span<const std::uint8_t> rows;   // By customer. Empty: no row of anybody.
  std::span<const TimeMs> within_goal;  // By customer with kBeforeGoal: that goal, or one of them.
};

// The goals of one block of customers, by customer and then in the store's order.
class Goals {
 public:
  void reset(std::size_t customers) {
    found_.clear();
    stretches_.clear();
    goals_.clear();
    begins_.assign(customers + 1, 0);
    wanted_.assign(customers, Wanted::kNoRow);
    within_goal_.resize(customers);
    marked_.clear();
  }

  // Adds what `add_goals(goals)` appends, all from a stretch of time.
  template <typename AddGoals>
  void add(TimeMs from, TimeMs until, const AddGoals& add_goals) {
    const std::size_t begin = found_.size();
    add_goals(found_);
    if (begin != found_.size()) stretches_.push_back({from, until, begin, found_.size()});
  }

  // Deals them out to their customers. Where runs follow one another in time that is the order.
  void deal() {
    std::stable_sort(stretches_.begin(), stretches_.end(),
                     [](const Stretch& a, const Stretch& b) { return a.from < b.from; });
    for (const Goal& goal : found_) ++begins_[goal.customer + 1];
    for (std::size_t i = 1; i < begins_.size(); ++i) begins_[i] += begins_[i - 1];
    ends_.assign(begins_.begin(), begins_.end() - 1);
    goals_.resize(found_.size());
    for (const Stretch& stretch : stretches_) {
      for (std::size_t g = stretch.begin; g < stretch.end; ++g) {
        goals_[ends_[found_[g].customer]++] = found_[g];
      }
    }
    for (std::size_t g = 1; g < goals_.size(); ++g) {
      if (!is_earlier(goals_[g], goals_[g - 1])) continue;
      const std::span<Goal> mine = of(goals_[g].customer);
      std::sort(mine.begin(), mine.end(), is_earlier);
    }
  }

  [[nodiscard]] std::span<const Goal> all() const { return goals_; }

  // The goals of a customer.
  [[nodiscard]] std::span<Goal> of(std::size_t customer) {
    return std::span(goals_).subspan(begins_[customer], begins_[customer + 1] - begins_[customer]);
  }

  // Which rows from `from` to `until` may be the last touch of a goal at most `within_ms` later.
  // Cost: a look at the goals of the runs that have such goals.
  [[nodiscard]] Wanted wanted(TimeMs from, TimeMs until, TimeMs within_ms) {
    for (const std::uint32_t customer : marked_) wanted_[customer] = Wanted::kNoRow;
    marked_.clear();
    const auto is_late = [&](TimeMs time) {  // Without a sign: times may be far apart.
      const auto later = static_cast<std::uint64_t>(time) - static_cast<std::uint64_t>(until);
      return time > until && later > static_cast<std::uint64_t>(within_ms);
    };
    for (const Stretch& stretch : stretches_) {
      if (stretch.until < from || is_late(stretch.from)) continue;
      for (std::size_t g = stretch.begin; g < stretch.end; ++g) {
        const Goal& goal = found_[g];
        if (goal.time < from || is_late(goal.time)) continue;
        mark(goal, goal.time <= until);
      }
    }
    if (marked_.empty()) return {};
    return {wanted_, within_goal_};
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
  void mark(const Goal& goal, bool is_within) {
    std::uint8_t& wanted = wanted_[goal.customer];
    if (wanted == Wanted::kNoRow) marked_.push_back(goal.customer);
    if (!is_within) {
      wanted |= Wanted::kLastRow;
      return;
    }
    if ((wanted & Wanted::kBeforeGoal) != 0) wanted |= Wanted::kBeforeGoals;
    wanted |= Wanted::kBeforeGoal;
    within_goal_[goal.customer] = goal.time;
  }

  struct Stretch {
    TimeMs from;  // The time of its run.
    TimeMs until;
    std::size_t begin;
    std::size_t end;
  };
  std::vector<Goal> found_;  // Run by run.
  std::vector<Stretch> stretches_;
  std::vector<Goal> goals_;
  std::vector<std::uint32_t> begins_;  // By customer, and the end.
  std::vector<std::uint32_t> ends_;
  std::vector<std::uint8_t> wanted_;  // By customer: Wanted::rows.
  std::vector<TimeMs> within_goal_;
  std::vector<std::uint32_t> marked_;  // The customers whose rows are wanted.
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

// Of `rows`, all in a run and of customers with a goal in its stretch of time or after it, keeps
// those that may be the last touch of a goal: those that it comes right after, and a customer's
// last one where it comes after the stretch. Shapes: answers how many; they stand first.
// Precondition: behind each row there is another one in the run.
template <typename Offsets>
std::size_t keep_before_goals(const Run& run, const Offsets offsets, const Wanted& wanted,
                              std::span<std::uint32_t> rows) {
  const std::uint16_t* const lows = run.customers.lows().data();
  const std::uint64_t base = run.times.base();
  const auto time_of = [&](std::size_t row) {
    return static_cast<TimeMs>((base + offsets[row]) ^ Run::kSignBit);
  };
  std::size_t count = 0;
  for (const std::uint32_t row : rows) {
    const std::uint16_t customer = lows[row];
    const TimeMs goal = wanted.within_goal[customer];
    const TimeMs time = time_of(row);
    const std::uint8_t which = wanted.rows[customer];
    const bool has_goal = (which & Wanted::kBeforeGoal) != 0;
    const bool has_several = (which & Wanted::kBeforeGoals) != 0;
    const bool has_later = (which & Wanted::kLastRow) != 0;
    const bool is_last = customer != lows[row + 1];
    const bool goal_follows = (time < goal) & (is_last | (time_of(row + 1) >= goal));
    rows[count] = row;
    count += static_cast<std::size_t>((has_goal & (goal_follows | (time == goal) | has_several)) |
                                      (is_last & has_later));
  }
  return count;
}

// Calls `body(row, customer)` for the rows that are meant of those that are wanted (and maybe for
// some more of the same customers); customers by their low halves. They are gathered first, without
// a branch: nobody could guess whose are wanted. Those of the customers alone are read for most.
template <typename Offsets, typename Body>
void for_each_wanted(const Run& run, const Offsets offsets, RowRange rows,
                     std::span<const std::uint8_t> mask, const Wanted& wanted, const Body& body) {
  constexpr std::size_t kTogether = 512;
  std::array<std::uint32_t, kTogether> gathered;
  const std::uint16_t* const lows = run.customers.lows().data();
  for (std::size_t begin = rows.begin; begin < rows.end; begin += kTogether) {
    const std::size_t end = std::min(begin + kTogether, rows.end);
    std::size_t count = 0;
    const auto gather = [&](std::size_t row, unsigned is_wanted) {
      gathered[count] = static_cast<std::uint32_t>(row);
      count += is_wanted;
    };
    const auto takes = [](std::uint8_t which) {
      return static_cast<unsigned>(which != Wanted::kNoRow);
    };
    if (mask.empty()) {
      const std::size_t before_last = std::min(end, rows.end - 1);
      for (std::size_t row = begin; row < before_last; ++row) {
        const unsigned which = wanted.rows[lows[row]];
        const auto is_last = static_cast<unsigned>(lows[row] != lows[row + 1]);
        gather(row, (which >> 1 | (which & is_last)) & 1U);
      }
      count = keep_before_goals(run, offsets, wanted, std::span(gathered).first(count));
      if (end == rows.end) gather(end - 1, takes(wanted.rows[lows[end - 1]]));
    } else {  // The last row that is meant may be any.
      for (std::size_t row = begin; row < end; ++row) {
        gather(row, takes(wanted.rows[lows[row]]) & mask[row - rows.begin]);
      }
    }
    for (std::size_t i = 0; i < count; ++i) body(gathered[i], std::size_t{lows[gathered[i]]});
  }
}

// Gives the touches of a run to the goals that come next. A customer's rows are in order of time,
// so the goals before one of them are before the next one, too.
void touch_goals(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
                 const Wanted& wanted, Goals& goals) {
  const std::uint64_t base = run.times.base();
  run.times.visit([&](const auto offsets) {
    std::size_t whose = kCustomersPerBlock;
    std::span<Goal> coming;
    for_each_wanted(run, offsets, rows, mask, wanted, [&](std::size_t row, std::size_t customer) {
      if (customer != whose) {
        whose = customer;
        coming = goals.of(customer);
      }
      if (coming.empty()) return;
      const auto time = static_cast<TimeMs>((base + offsets[row]) ^ Run::kSignBit);
      while (!is_before(time, run, row, coming.front())) {
        coming = coming.subspan(1);
        if (coming.empty()) return;
      }
      touch(coming.front(), time, run, row);
    });
  });
}

void add_goals(const Run& run, RowRange rows, std::span<const std::uint8_t> mask, std::size_t first,
               Goals& goals) {
  goals.add(run.first, run.last, [&](std::vector<Goal>& found) {
    run.times.visit([&](const auto offsets) {
      for_each_meant(run, rows, mask, [&](std::size_t row, CustomerId customer) {
        const auto time = static_cast<TimeMs>((run.times.base() + offsets[row]) ^ Run::kSignBit);
        found.push_back({.customer = static_cast<std::uint32_t>(index(customer) - first),
                         .time = time,
                         .sequence = run.sequences.at(row)});
      });
    });
  });
}

// The runs of one part that may have touches.
struct TouchRuns {
  TimeMs first;
  TimeMs last;
  std::vector<const LiveRun*> runs;
};

std::vector<TouchRuns> touch_runs_of(const Snapshot& snapshot, const RowFilter& filter) {
  std::vector<TouchRuns> parts;
  for (const std::shared_ptr<const Part>& part : snapshot.parts()) {
    auto runs = selected_runs(std::span(&part, 1), filter);
    if (!runs.empty()) parts.push_back({part->first, part->last, std::move(runs)});
  }
  return parts;
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
  const auto goal_runs = selected_runs(snapshot.parts(), goal_filter);
  const auto touch_runs = touch_runs_of(snapshot, touch_filter);
  WorkerLocal<Scratch> scratch([&] { return Scratch{{}, {}, none}; });
  const std::size_t customers = snapshot.customers().count();
  for_each_block(customers, kCustomersPerBlock, [&](std::size_t first, std::size_t last) {
    Scratch& mine = scratch.mine();
    const std::size_t block = first / kCustomersPerBlock;
    mine.goals.reset(last - first);
    for (const LiveRun* live : goal_runs) {
      const RowRange rows = rows_of_block(**live, block);
      if (rows.begin == rows.end) continue;
      add_goals(**live, rows, goal_filter.meant(*live, rows, mine.mask), first, mine.goals);
    }
    mine.goals.deal();
    for (const TouchRuns& part : touch_runs) {
      if (stop.requested()) return;
      const Wanted wanted = mine.goals.wanted(part.first, part.last, within_ms);
      if (wanted.rows.empty()) continue;
      for (const LiveRun* live : part.runs) {
        const RowRange rows = rows_of_block(**live, block);
        if (rows.begin == rows.end) continue;
        touch_goals(**live, rows, touch_filter.meant(*live, rows, mine.mask), wanted, mine.goals);
      }
    }
    mine.goals.hand_on();
    count_goals(mine.goals.all(), by, within_ms, mine.counts);
  });
  if (stop.requested()) return absl::CancelledError("stopped while looking for last touches");
  LastTouches counts = none;
  scratch.for_each_made([&](const Scratch& made) { add(counts, made.counts); });
  return counts;
}

}  // namespace grapevine
