#include "kernels/segment/sequence.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <utility>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/plain_sequence.hpp"
#include "kernels/segment/reading_order.hpp"
#include "kernels/segment/select_customers.hpp"
#include "kernels/segment/sequence_matcher.hpp"

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

// Calls `body(customer, level)`, at least for each customer who came to something.
template <typename Body>
absl::Status for_each_level(const Snapshot& snapshot, const Sequence& sequence, bool complete_only,
                            const EventScan& scan, const Stop& stop, const Body& body) {
  if (PlainSequence::can_follow(snapshot, sequence)) {
    const PlainSequence plain(snapshot, sequence, complete_only, scan);
    WorkerLocal<PlainSequence::Worker> workers([&] { return plain.new_worker(); });
    for_each_block(snapshot.customers().count(), CustomerMoment::kCustomers,
                   [&](std::size_t first, std::size_t last) {
                     const auto levels = plain.levels(first, last, workers.mine(), stop);
                     for (std::size_t i = 0; i < levels.size(); ++i) body(first + i, levels[i]);
                   });
    if (stop.requested()) return absl::CancelledError("stopped while following sequences");
    return absl::OkStatus();
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
