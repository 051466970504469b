#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/parallel/stop.hpp"
#include "kernels/segment/event_rows.hpp"
#include "kernels/segment/sequence.hpp"
#include "kernels/segment/step_times.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// A sequence without negated steps, followed for a task's customers at a time. Any number of threads
/// may ask, each with a worker of its own. Refers to the snapshot and the sequence.
class PlainSequence {
 public:
  /// How events of one moment follow each other, and how long a moment is.
  struct Moments {
    SameMoment same = SameMoment::PassedOver;
    TimeMs unit_ms = 1;  ///< See StepTimes::reset.
  };

  /// Whether no step is negated and CustomerMoment holds all times.
  static bool can_follow(const Snapshot& snapshot, const Sequence& sequence);

  /// `complete_only`: levels below that of the whole sequence need not be right.
  PlainSequence(const Snapshot& snapshot, const Sequence& sequence, bool complete_only,
                const EventScan& scan, Moments moments);
  PlainSequence(const Snapshot& snapshot, const Sequence& sequence, bool complete_only,
                const EventScan& scan)
      : PlainSequence(snapshot, sequence, complete_only, scan, Moments()) {}

  /// What one thread knows of a task. Its memory is kept from one to the next.
  class Worker;
  [[nodiscard]] Worker new_worker() const;

  /// The levels of customers [first, last), valid until the worker's next call. Nothing where nobody
  /// completes it and that is all that is asked, or where `stop` fired.
  /// Precondition: `first` is a multiple of CustomerMoment::kCustomers, and they are no more.
  /// Cost    As customers_by_sequence. Who has no row of the second step is at level 1 whenever they
  ///         began, so that the rarer one of the first two is read first.
  std::span<const std::uint8_t> levels(std::size_t first, std::size_t last, Worker& worker,
                                       const Stop& stop) const;

 private:
  const Sequence& sequence_;
  bool complete_only_;
  Moments moments_;
  std::vector<EventRows> rows_;       // By step.
  std::size_t needed_;                // Whoever lacks one of so many first steps is no candidate.
  std::vector<std::uint32_t> order_;  // In which steps are read.
};

class PlainSequence::Worker {
 private:
  friend class PlainSequence;
  explicit Worker(StepChain chain, std::size_t steps) : chain_(std::move(chain)), steps_(steps) {}

  void reset(std::size_t customers, TimeMs unit_ms);
  // Whoever had no row of the step that was read last is no candidate. False: nobody is any more.
  bool drop_others();

  StepChain chain_;
  EventRows::Scratch scratch_;
  std::vector<StepTimes> steps_;
  std::vector<std::uint8_t> candidate_;  // By customer of the task, 1 or 0.
  std::vector<std::uint8_t> has_step_;   // Likewise.
  std::vector<std::uint8_t> level_;      // By customer of the task.
};

}  // namespace grapevine
