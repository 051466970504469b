#include "kernels/segment/sequence_reference.hpp"

#include <algorithm>

#include "kernels/segment/window_reference.hpp"

namespace grapevine {
namespace {

class EveryChoice {
 public:
  EveryChoice(const std::vector<bool>& negated, std::optional<TimeMs> window_ms, TimeMs as_of,
              std::span<const StepEvent> events)
      : negated_(negated), window_ms_(window_ms), as_of_(as_of), events_(events) {}

  std::uint8_t level() {
    for (const StepEvent& event : events_) {
      if (event.step == 0) follow(event.time, event.time, 1, 1);
    }
    return best_;
  }

 private:
  // `step`: the one after the last match at `last`; `level`: what was reached with it.
  void follow(TimeMs first, TimeMs last, std::uint32_t step, std::uint8_t level) {
    best_ = std::max(best_, level);
    std::uint32_t next = step;
    while (next < negated_.size() && negated_[next]) ++next;
    if (next == negated_.size()) {
      if (next == step) return;  // Nothing is negated at the end.
      const TimeMs end = first + *window_ms_;
      if (end <= as_of_ && is_quiet(step, next, last, end)) {
        best_ = std::max(best_, static_cast<std::uint8_t>(level + 1));
      }
      return;
    }
    for (const StepEvent& event : events_) {
      if (event.step != next || event.time <= last) continue;
      if (window_ms_ && event.time > first + *window_ms_) continue;
      if (is_quiet(step, next, last, event.time)) {
        follow(first, event.time, next + 1, static_cast<std::uint8_t>(level + 1));
      }
    }
  }

  // Whether no event of the steps [step, end_step) lies between two moments.
  [[nodiscard]] bool is_quiet(std::uint32_t step, std::uint32_t end_step, TimeMs after,
                              TimeMs before) const {
    return std::none_of(events_.begin(), events_.end(), [&](const StepEvent& event) {
      return event.step >= step && event.step < end_step && event.time > after &&
             event.time < before;
    });
  }

  const std::vector<bool>& negated_;
  std::optional<TimeMs> window_ms_;
  TimeMs as_of_;
  std::span<const StepEvent> events_;
  std::uint8_t best_ = 0;
};

}  // namespace

std::uint8_t sequence_level_reference(const std::vector<bool>& negated,
                                      std::optional<TimeMs> window_ms, TimeMs as_of,
                                      std::span<const StepEvent> events) {
  return EveryChoice(negated, window_ms, as_of, events).level();
}

std::vector<std::uint8_t> sequence_levels_reference(const Snapshot& snapshot,
                                                    const Sequence& sequence) {
  std::vector<std::vector<StepEvent>> events(snapshot.customers().count());
  for_each_row_reference(snapshot, [&](const Run& run, std::size_t row) {
    for (std::uint32_t step = 0; step < sequence.steps.size(); ++step) {
      if (is_selected_reference(snapshot, run, row, sequence.steps[step].rows)) {
        events[index(run.customers[row])].push_back({run.time(row), step});
      }
    }
  });
  std::vector<bool> negated;
  for (const Sequence::Step& step : sequence.steps) negated.push_back(step.negated);
  std::vector<std::uint8_t> levels;
  for (const auto& mine : events) {
    levels.push_back(sequence_level_reference(negated, sequence.window_ms, sequence.as_of, mine));
  }
  return levels;
}

}  // namespace grapevine
