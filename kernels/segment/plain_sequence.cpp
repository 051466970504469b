#include "kernels/segment/plain_sequence.hpp"

#include <algorithm>

#include "kernels/segment/reading_order.hpp"

namespace grapevine {

bool PlainSequence::can_follow(const Snapshot& snapshot, const Sequence& sequence) {
  const bool any_negated = std::any_of(sequence.steps.begin(), sequence.steps.end(),
                                       [](const Sequence::Step& step) { return step.negated; });
  const auto parts = snapshot.parts();
  return !any_negated && std::all_of(parts.begin(), parts.end(), [](const auto& part) {
    return part->rows == 0 || CustomerMoment::holds(part->first, part->last);
  });
}

PlainSequence::PlainSequence(const Snapshot& snapshot, const Sequence& sequence, bool complete_only,
                             const EventScan& scan, Moments moments)
    : sequence_(sequence), complete_only_(complete_only), moments_(moments) {
  for (const Sequence::Step& step : sequence.steps) {
    rows_.emplace_back(snapshot, step.rows, RowPick{}, scan);
  }
  needed_ = complete_only ? rows_.size() : std::min<std::size_t>(rows_.size(), 2);
  order_ = reading_order(snapshot, sequence, needed_);
}

PlainSequence::Worker PlainSequence::new_worker() const {
  return Worker(StepChain(rows_.size(), sequence_.window_ms, moments_.same), rows_.size());
}

void PlainSequence::Worker::reset(std::size_t customers, TimeMs unit_ms) {
  for (StepTimes& step : steps_) step.reset(unit_ms);
  candidate_.assign(customers, 1);
  level_.assign(customers, 0);
  has_step_.assign(customers, 0);
}

bool PlainSequence::Worker::drop_others() {
  const std::span<std::uint8_t> mine = candidate_;  // So that bytes that are written hide nothing.
  const std::span<std::uint8_t> has = has_step_;
  std::uint8_t any = 0;
  for (std::size_t i = 0; i < mine.size(); ++i) {
    mine[i] &= has[i];
    any |= mine[i];
  }
  std::fill(has.begin(), has.end(), 0);
  return any != 0;
}

std::span<const std::uint8_t> PlainSequence::levels(std::size_t first, std::size_t last,
                                                    Worker& worker, const Stop& stop) const {
  worker.reset(last - first, moments_.unit_ms);
  bool any = true;
  for (const std::uint32_t step : order_) {
    if (stop.requested()) return {};
    const bool is_needed = step < needed_;
    if (!any && (complete_only_ || !is_needed)) break;
    rows_[step].for_each_stretch(
        first, last, worker.scratch_,
        [&](const Run& run, RowRange of, std::span<const std::uint8_t> mask) {
          worker.steps_[step].add(run, of, mask, worker.candidate_, worker.has_step_);
        });
    if (step == 0) worker.level_ = worker.has_step_;
    if (is_needed) any = worker.drop_others();
  }
  if (complete_only_ && !any) return {};
  if (any && rows_.size() > 1) {
    for (StepTimes& step : worker.steps_) step.arrange(worker.candidate_);
    worker.chain_.follow(worker.steps_, worker.level_);
  }
  return worker.level_;
}

}  // namespace grapevine
