#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

#include <absl/status/statusor.h>

#include "api/execute/computed_columns.hpp"
#include "api/live/graph_view.hpp"
#include "api/plan/bind_value_rule.hpp"
#include "api/plan/segment_plan.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "kernels/segment/event_rows.hpp"
#include "kernels/segment/people.hpp"
#include "kernels/segment/place.hpp"
#include "kernels/segment/seen.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// What plans are evaluated over. What it refers to outlives it.
struct EvaluationSource {
  const Snapshot& snapshot;
  TimeMs as_of = 0;
  GraphView& graph;
  const Stop& stop;
};

/// What one step of a plan took.
struct StepReport {
  std::uint64_t rows = 0;  ///< Read: events, or customers where an attribute was read.
  std::uint64_t bytes = 0;
  std::uint64_t parts = 0;          ///< Parts of the events that were read.
  std::uint64_t parts_skipped = 0;  ///< For which their times or columns were enough.
  std::size_t size = 0;             ///< Customers found, of those that were asked for.
  double elapsed_ms = 0.0;          ///< Steps below it included.
};
/// By step; one that was not needed is missing.
using PlanReport = std::map<const PlanNode*, StepReport>;

/// Evaluates plans over one snapshot as of one moment, and remembers what several parts share: the
/// times of first and last events, and plans that several parts hold. Not thread-safe: one
/// for each request; parallel inside.
class SegmentExecutor {
 public:
  /// `report`: where to note what each step took; nullptr: nowhere. It outlives the executor.
  explicit SegmentExecutor(const EvaluationSource& source, PlanReport* report = nullptr);

  /// Says that a plan will be evaluated after others, so that what it has in common with them is
  /// remembered. Plans outlive the executor.
  void expect(const Plan& plan);

  /// The customers that satisfy the plan. Errors  Cancelled: `stop` fired.
  absl::StatusOr<CustomerSet> evaluate(const Plan& plan);
  /// The same where only the members of `among` are asked for: of others the answer means nothing.
  absl::StatusOr<CustomerSet> evaluate_among(const CustomerSet& among, const Plan& plan);

  /// First and last events of all customers, computed once.
  absl::StatusOr<const SeenTimes*> seen();

 private:
  using Found = absl::StatusOr<CustomerSet>;

  // `among`: what is answered of others means nothing; nullptr: everyone is asked for.
  Found evaluate(const Plan& plan, const CustomerSet* among);
  Found compute(const PlanNode& node, const EventScan& scan);
  Found all_of(const AllPlan& plan, const CustomerSet* among);
  Found any_of(const AnyPlan& plan, const CustomerSet* among);
  Found by_attribute(const AttributePlan& plan, ReadCounts& reads);
  Found by_computed(const ComputedAttributePlan& plan);
  Found by_event(const EventPlan& plan, const EventScan& scan);
  Found by_sequence(const SequencePlan& plan, const EventScan& scan);
  Found by_score(const ScorePlan& plan);
  Found by_connection(const ConnectedPlan& plan);
  absl::StatusOr<EventSelection> select(const SelectionPlan& plan);

  EvaluationSource source_;
  const Snapshot& snapshot_;
  PlanReport* report_;
  std::optional<CustomerSet> people_;  // Empty: every number is a person.
  std::optional<SeenTimes> seen_;
  std::map<const PlanNode*, std::size_t> uses_;  // How many parts hold a plan.
  ComputedColumns computed_;
  std::map<const PlanNode*, CustomerSet> shared_;  // Of plans that several parts hold.
};

/// The members of a stored segment, for whatever else takes a segment by name: candidates, seeds,
/// an audience.
///
/// Units   source.as_of: the "now" of the answer; timezone (IANA): the server's, where the
///         definition names none.
/// Errors  NotFound: no such segment, with the nearest name. Unprocessable: its definition cannot
///         be evaluated over this snapshot. Cancelled: `stop` fired.
absl::StatusOr<CustomerSet> evaluate_segment(const EvaluationSource& source, std::string_view name,
                                             std::string_view timezone);

}  // namespace grapevine
