#pragma once

#include <map>
#include <optional>
#include <string_view>

#include <absl/status/statusor.h>

#include "api/plan/bind_value_rule.hpp"
#include "api/plan/segment_plan.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "kernels/segment/people.hpp"
#include "kernels/segment/seen.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Evaluates plans over one snapshot as of one moment, and remembers what several parts share: the
/// times of first and last events, and nested segments. Not thread-safe: one for each request;
/// parallel inside. What it is made with outlives it.
class SegmentExecutor {
 public:
  SegmentExecutor(const Snapshot& snapshot, TimeMs as_of, const Stop& stop)
      : snapshot_(snapshot), as_of_(as_of), stop_(stop) {
    if (snapshot.customers().persons().absent > 0) people_ = people(snapshot.customers());
  }

  /// The customers that satisfy the plan. Errors  Cancelled: `stop` fired.
  absl::StatusOr<CustomerSet> evaluate(const Plan& plan);

  /// First and last events of all customers, computed once.
  absl::StatusOr<const SeenTimes*> seen();

 private:
  absl::StatusOr<CustomerSet> compute(const PlanNode& node);
  absl::StatusOr<CustomerSet> all_of(const AllPlan& plan);
  absl::StatusOr<CustomerSet> any_of(const AnyPlan& plan);
  absl::StatusOr<CustomerSet> by_event(const EventPlan& plan);

  const Snapshot& snapshot_;
  TimeMs as_of_;
  const Stop& stop_;
  std::optional<CustomerSet> people_;  // Empty: every number is a person.
  std::optional<SeenTimes> seen_;
  std::map<const PlanNode*, CustomerSet> shared_;  // Of plans that several parts hold.
};

/// The members of a stored segment, for whatever else takes a segment by name: candidates, seeds,
/// an audience.
///
/// Units   moment.as_of: the "now" of the answer; moment.timezone: the server's, where the
///         definition names none.
/// Errors  NotFound: no such segment, with the nearest name. Unprocessable: its definition cannot
///         be evaluated over this snapshot. Cancelled: `stop` fired.
absl::StatusOr<CustomerSet> evaluate_segment(const Snapshot& snapshot, std::string_view name,
                                             const Moment& moment, const Stop& stop);

}  // namespace grapevine
