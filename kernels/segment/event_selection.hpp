#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "kernels/segment/clock_test.hpp"
#include "kernels/segment/code_set.hpp"
#include "kernels/segment/customer_set.hpp"
#include "kernels/segment/run_range.hpp"
#include "kernels/segment/value_test.hpp"
#include "storage/ids.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

class TopicRows;

/// A rule on a column of events. A row without a value satisfies it only where it is negated.
struct ColumnRule {
  ColumnId column{};
  ValueTest test;
  bool negated = false;
};

/// A rule on the customer whom an event is directed at; as ColumnRule where there is none.
struct TargetRule {
  CustomerSet accepted;
  bool negated = false;
};

/// Which rows of `events` are meant: those of one of the names, in [from, to) and at hours that
/// `clock` accepts, that satisfy every rule.
struct EventSelection {
  std::vector<EventNameId> events;  ///< Each once.
  std::vector<ColumnRule> where;
  std::vector<TargetRule> targets;
  TimeMs from = std::numeric_limits<TimeMs>::min();
  TimeMs to = std::numeric_limits<TimeMs>::max();
  std::optional<ClockTest> clock = {};
  /// A row is about each of these topics. They are of the snapshot that is read.
  std::vector<std::shared_ptr<const TopicRows>> about = {};
};

/// A selection made ready for the runs of one snapshot: rules on strings are codes by now.
/// Immutable; any number of threads may use it as long as selection and snapshot live.
class RowFilter {
 public:
  RowFilter(const Snapshot& snapshot, const EventSelection& selection);

  [[nodiscard]] const EventSelection& selection() const { return *selection_; }
  /// Whether a run may have rows that are meant, by its times and the ranges of its columns.
  [[nodiscard]] bool may_have(const Run& run) const;
  /// Whether `meant` looks at the times of a run: not where all of them are in the window.
  [[nodiscard]] bool reads_times(const Run& run) const {
    return selection_->clock || run.first < selection_->from || run.last >= selection_->to;
  }

  /// Marks, for each row of `rows`, whether it is meant: 1 or 0. An empty answer: all of them are.
  /// Shapes: `scratch` is grown as needed; the answer is a part of it.
  /// Rows that are dead never are.
  std::span<const std::uint8_t> meant(const LiveRun& live, RowRange rows,
                                      std::vector<std::uint8_t>& scratch) const;

 private:
  const Snapshot* snapshot_;
  const EventSelection* selection_;
  std::vector<CodeSet> codes_;  // By rule; empty where its column has no dictionary.
};

}  // namespace grapevine
