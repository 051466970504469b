#include "kernels/segment/sequence.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <utility>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/select_customers.hpp"
#include "kernels/segment/sequence_matcher.hpp"
#include "kernels/segment/step_times.hpp"

namespace grapevine {
namespace {

// The events of a block of customers, gathered step by step and dealt out to their customers.
class BlockEvents {
 public:
  void reset(std::size_t customers) {
    events_.clear();
    candidate_.assign(customers, 1);
    has_step_.assign(customers, 0);
  }

  // Keeps the events that a step means, of those who are still candidates.
  void add(const Run& run, RowRange rows, std::span<const std::uint8_t> mask, std::size_t first,
           std::uint32_t step) {
    run.times.visit([&](const auto offsets) {
      run.customers.for_each(rows.begin, rows.end, [&](std::size_t row, CustomerId id) {
        const auto customer = static_cast<std::uint32_t>(index(id) - first);
        if (candidate_[customer] == 0) return;
        if (!mask.empty() && mask[row - rows.begin] == 0) return;
        const auto time = static_cast<TimeMs>((run.times.base() + offsets[row]) ^ Run::kSignBit);
        events_.push_back({customer, {time, step}});
        has_step_[customer] = 1;
      });
    });
  }

  // Whoever had none of the events since the last call is no candidate. False: nobody is any more.
  bool drop_others() {
    std::uint8_t any = 0;
    for (std::size_t i = 0; i < candidate_.size(); ++i) {
      candidate_[i] &= has_step_[i];
      any |= candidate_[i];
      has_step_[i] = 0;
    }
    return any != 0;
  }

  // Calls `body(i, events)` for each candidate, with the events in the order of `precedes`.
  template <typename Body>
  void for_each_candidate(const Body& body) {
    begins_.assign(candidate_.size() + 1, 0);
    for (const auto& [customer, event] : events_) begins_[customer + 1] += candidate_[customer];
    std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
    of_customer_.resize(begins_.back());
    ends_.assign(begins_.begin(), begins_.end() - 1);
    for (const auto& [customer, event] : events_) {
      if (candidate_[customer] != 0) of_customer_[ends_[customer]++] = event;
    }
    for (std::size_t i = 0; i < candidate_.size(); ++i) {
      if (candidate_[i] == 0) continue;
      const std::span<StepEvent> mine(of_customer_.data() + begins_[i],
                                      begins_[i + 1] - begins_[i]);
      std::sort(mine.begin(), mine.end(), precedes);
      body(i, std::span<const StepEvent>(mine));
    }
  }

 private:
  std::vector<std::pair<std::uint32_t, StepEvent>> events_;
  std::vector<std::uint8_t> candidate_;  // By customer of the block.
  std::vector<std::uint8_t> has_step_;
  std::vector<std::uint32_t> begins_;
  std::vector<std::uint32_t> ends_;
  std::vector<StepEvent> of_customer_;
};

// How many rows a step may mean at most.
std::size_t rows_of(const Snapshot& snapshot, const EventSelection& selection) {
  std::size_t rows = 0;
  for (const auto& part : snapshot.parts()) {
    for (const EventNameId event : selection.events) {
      const LiveRun* run = part->run(event);
      if (run == nullptr || (*run)->last < selection.from || (*run)->first >= selection.to)
        continue;
      rows += (*run)->size();
    }
  }
  return rows;
}

// The steps in the order in which they are read: the rarest first, negated ones at the end. For
// levels the first `pinned` steps go first.
std::vector<std::uint32_t> reading_order(const Snapshot& snapshot, const Sequence& sequence,
                                         std::size_t pinned) {
  std::vector<std::size_t> rows;
  for (const Sequence::Step& step : sequence.steps) rows.push_back(rows_of(snapshot, step.rows));
  std::vector<std::uint32_t> order(sequence.steps.size());
  std::iota(order.begin(), order.end(), 0U);
  const auto is_before = [&](std::uint32_t a, std::uint32_t b) {
    const bool a_negated = sequence.steps[a].negated;
    const bool b_negated = sequence.steps[b].negated;
    if (a_negated != b_negated) return b_negated;
    return rows[a] < rows[b];
  };
  const auto unpinned = order.begin() + static_cast<std::ptrdiff_t>(pinned);
  std::stable_sort(order.begin(), unpinned, is_before);
  std::stable_sort(unpinned, order.end(), is_before);
  return order;
}

// What a worker knows of a task's customers in a sequence without negated steps.
struct PlainWorker {
  explicit PlainWorker(const Sequence& sequence)
      : chain(sequence.steps.size(), sequence.window_ms), steps(sequence.steps.size()) {}

  void reset(std::size_t customers) {
    for (StepTimes& step : steps) step.reset();
    candidate.assign(customers, 1);
    level.assign(customers, 0);
    has_step.assign(customers, 0);
  }

  // Whoever had no row of the step that was read last is no candidate. False: nobody is any more.
  bool drop_others() {
    const std::span<std::uint8_t> mine = candidate;  // So that bytes that are written hide nothing.
    const std::span<std::uint8_t> has = has_step;
    std::uint8_t any = 0;
    for (std::size_t i = 0; i < mine.size(); ++i) {
      mine[i] &= has[i];
      any |= mine[i];
    }
    std::fill(has.begin(), has.end(), 0);
    return any != 0;
  }

  StepChain chain;
  EventRows::Scratch scratch;
  std::vector<StepTimes> steps;
  std::vector<std::uint8_t> candidate;  // By customer of the task, 1 or 0.
  std::vector<std::uint8_t> has_step;   // Likewise.
  std::vector<std::uint8_t> level;      // By customer of the task.
};

// Whether for_each_plain_level can answer.
bool is_plain(const Snapshot& snapshot, const Sequence& sequence) {
  const bool any_negated = std::any_of(sequence.steps.begin(), sequence.steps.end(),
                                       [](const Sequence::Step& step) { return step.negated; });
  const auto parts = snapshot.parts();
  return !any_negated && std::all_of(parts.begin(), parts.end(), [](const auto& part) {
    return part->rows == 0 || CustomerMoment::holds(part->first, part->last);
  });
}

// As for_each_level, of a sequence without negated steps. For levels, who has no row of the second
// step is at level 1 whenever they began, so that the rarer one of the first two is read first.
template <typename Body>
absl::Status for_each_plain_level(const Snapshot& snapshot, const Sequence& sequence,
                                  bool complete_only, const EventScan& scan, const Stop& stop,
                                  const Body& body) {
  std::vector<EventRows> rows;
  for (const Sequence::Step& step : sequence.steps) {
    rows.emplace_back(snapshot, step.rows, RowPick{}, scan);
  }
  // Whoever lacks one of them is no candidate.
  const std::size_t needed = complete_only ? rows.size() : std::min<std::size_t>(rows.size(), 2);
  const auto order = reading_order(snapshot, sequence, needed);
  WorkerLocal<PlainWorker> workers([&] { return PlainWorker(sequence); });
  for_each_block(snapshot.customers().count(), CustomerMoment::kCustomers,
                 [&](std::size_t first, std::size_t last) {
                   PlainWorker& mine = workers.mine();
                   mine.reset(last - first);
                   bool any = true;
                   for (const std::uint32_t step : order) {
                     if (stop.requested()) return;
                     const bool is_needed = step < needed;
                     if (!any && (complete_only || !is_needed)) break;
                     rows[step].for_each_stretch(
                         first, last, mine.scratch,
                         [&](const Run& run, RowRange of, std::span<const std::uint8_t> mask) {
                           mine.steps[step].add(run, of, mask, mine.candidate, mine.has_step);
                         });
                     if (step == 0) mine.level = mine.has_step;
                     if (is_needed) any = mine.drop_others();
                   }
                   if (complete_only && !any) return;
                   if (any && rows.size() > 1) {
                     for (StepTimes& step : mine.steps) step.arrange(mine.candidate);
                     mine.chain.follow(mine.steps, mine.level);
                   }
                   const std::span<const std::uint8_t> level = mine.level;
                   for (std::size_t i = 0; i < level.size(); ++i) body(first + i, level[i]);
                 });
  if (stop.requested()) return absl::CancelledError("stopped while following sequences");
  return absl::OkStatus();
}

// Calls `body(customer, level)`, at least for each customer who came to something.
template <typename Body>
absl::Status for_each_level(const Snapshot& snapshot, const Sequence& sequence, bool complete_only,
                            const EventScan& scan, const Stop& stop, const Body& body) {
  if (is_plain(snapshot, sequence)) {
    return for_each_plain_level(snapshot, sequence, complete_only, scan, stop, body);
  }
  std::vector<EventRows> steps;
  std::vector<bool> negated;
  for (const Sequence::Step& step : sequence.steps) {
    steps.emplace_back(snapshot, step.rows, RowPick{}, scan);
    negated.push_back(step.negated);
  }
  const auto order = reading_order(snapshot, sequence, complete_only ? 0 : 1);
  struct Worker {
    BlockEvents events;
    EventRows::Scratch scratch;
    SequenceMatcher matcher;
  };
  WorkerLocal<Worker> workers([&] {
    return Worker{{}, {}, SequenceMatcher(negated, sequence.window_ms, sequence.as_of)};
  });
  for_each_block(
      snapshot.customers().count(), kCustomersPerTask, [&](std::size_t first, std::size_t last) {
        Worker& mine = workers.mine();
        mine.events.reset(last - first);
        for (const std::uint32_t step : order) {
          if (stop.requested()) return;
          steps[step].for_each_stretch(
              first, last, mine.scratch,
              [&](const Run& run, RowRange rows, std::span<const std::uint8_t> mask) {
                mine.events.add(run, rows, mask, first, step);
              });
          const bool needed = !negated[step] && (complete_only || step == 0);
          if (needed && !mine.events.drop_others()) return;
        }
        mine.events.for_each_candidate([&](std::size_t i, std::span<const StepEvent> events) {
          body(first + i, mine.matcher.level(events));
        });
      });
  if (stop.requested()) return absl::CancelledError("stopped while following sequences");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CustomerSet> customers_by_sequence(const Snapshot& snapshot,
                                                  const Sequence& sequence, const EventScan& scan,
                                                  const Stop& stop) {
  std::vector<bool> negated;
  for (const Sequence::Step& step : sequence.steps) negated.push_back(step.negated);
  const std::uint8_t complete =
      SequenceMatcher(negated, sequence.window_ms, sequence.as_of).levels();
  CustomerSet set(snapshot.customers().count());
  const absl::Status done = for_each_level(
      snapshot, sequence, true, scan, stop, [&](std::size_t customer, std::uint8_t level) {
        if (level == complete) set.add(CustomerId(static_cast<std::uint32_t>(customer)));
      });
  if (!done.ok()) return done;
  return set;
}

absl::StatusOr<std::vector<std::uint8_t>> sequence_levels(const Snapshot& snapshot,
                                                          const Sequence& sequence,
                                                          const EventScan& scan, const Stop& stop) {
  std::vector<std::uint8_t> levels(snapshot.customers().count());
  const absl::Status done = for_each_level(
      snapshot, sequence, false, scan, stop,
      [of = std::span(levels)](std::size_t customer, std::uint8_t level) { of[customer] = level; });
  if (!done.ok()) return done;
  return levels;
}

}  // namespace grapevine
