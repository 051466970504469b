#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "storage/ids.hpp"

namespace grapevine {

/// A customer's event that a step of a sequence means.
struct StepEvent {
  TimeMs time = 0;
  std::uint32_t step = 0;
  friend bool operator==(const StepEvent&, const StepEvent&) = default;
};

/// The order in which a SequenceMatcher takes events: by time; of the same time the later step
/// first, so that no event follows one of its own moment.
constexpr bool precedes(const StepEvent& a, const StepEvent& b) {
  return a.time != b.time ? a.time < b.time : a.step > b.step;
}

/// How far one customer came in a sequence of steps.
///
/// Steps    Each happens later than the one before, all within `window_ms` of the first (that
///          included). A negated step between two others means that none of its events lies between
///          the two that were matched, both moments excluded; several in a row are all meant.
/// End      Where the last step is negated, none of its events may lie after the last match and
///          before first + `window_ms`, and that moment must have come by `as_of`.
/// Level    How many steps, negated ones between others aside, some choice of events satisfies from
///          the first on. A negated end counts as one more.
///
/// Not thread-safe: memory is kept from one customer to the next.
class SequenceMatcher {
 public:
  static constexpr std::size_t kStepsMax = 255;

  /// `negated`: an element a step; the first is false. Precondition: with a negated end there is a
  /// `window_ms`.
  SequenceMatcher(std::vector<bool> negated, std::optional<TimeMs> window_ms, TimeMs as_of);

  /// The level at which the sequence is complete.
  [[nodiscard]] std::uint8_t levels() const { return levels_; }
  /// The customer's level. `events` are in the order of `precedes`.
  ///
  /// Cost    O(events × log) where nothing is negated in between, or nothing at the end; with both
  ///         up to the square of a customer's events within the window.
  std::uint8_t level(std::span<const StepEvent> events);

 private:
  // First events [begin, end), by their number.
  struct Firsts {
    std::size_t begin;
    std::size_t end;
  };

  [[nodiscard]] bool in_window(TimeMs first, TimeMs time) const {
    return !window_ms_ || time - first <= *window_ms_;
  }
  std::uint8_t level_of_open_end(std::span<const StepEvent> events);
  std::uint8_t level_of_negated_end(std::span<const StepEvent> events);
  [[nodiscard]] bool ends_quietly(const std::vector<Firsts>& reached_by, TimeMs last) const;
  void join(std::vector<Firsts>& into, const std::vector<Firsts>& added);

  std::vector<bool> negated_;
  std::vector<std::size_t> place_;  // By step: how many steps before it are not negated.
  std::optional<TimeMs> window_ms_;
  TimeMs as_of_;
  std::size_t matched_steps_ = 0;  // Not negated.
  std::size_t end_begins_ = 0;     // The first step of the negated end; all steps: there is none.
  std::uint8_t levels_ = 0;

  std::vector<TimeMs> latest_first_;          // By level.
  std::vector<TimeMs> firsts_;                // Times of first events, ascending.
  std::vector<std::vector<Firsts>> reached_;  // By level: from which first events it was reached.
  std::vector<TimeMs> quiet_ends_;            // Times of events of the negated end, ascending.
  std::vector<Firsts> joined_;
};

}  // namespace grapevine
