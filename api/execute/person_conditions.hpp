#pragma once

#include <map>
#include <vector>

#include <absl/status/statusor.h>

#include "api/execute/computed_columns.hpp"
#include "api/execute/segment_executor.hpp"
#include "api/live/segments/person_view.hpp"
#include "api/plan/segment_plan.hpp"
#include "api/result_cache.hpp"
#include "kernels/segment/customer_set.hpp"

namespace grapevine {

/// Tells which conditions hold of one person as of one moment, without asking about everybody where
/// what is stored of the person is enough; each condition that several plans share is asked once.
/// Not thread-safe: one for each request. What the source refers to outlives it.
class PersonConditions {
 public:
  /// Precondition: `person` is one. `kept`: where computed attributes are looked for and left.
  PersonConditions(CustomerId person, const EvaluationSource& source, ResultCache& kept);

  /// The same as whether SegmentExecutor finds the person. The plan is as of the source's moment,
  /// over its snapshot.
  /// Errors  Cancelled: `stop` fired.
  /// Cost    That of the person's own rows; a pass over everybody for each computed attribute,
  ///         place, score and tie.
  absl::StatusOr<bool> holds(const Plan& plan);

 private:
  absl::StatusOr<bool> find_out(const Plan& plan);
  absl::StatusOr<bool> any_of(const std::vector<Plan>& parts, bool wanted);
  absl::StatusOr<bool> ask(const Plan& condition);

  const CustomerId person_;
  const EvaluationSource source_;
  PersonView view_;
  CustomerSet alone_;  // The person.
  SegmentExecutor executor_;
  ComputedColumns computed_;
  std::map<Plan, bool> known_;
};

}  // namespace grapevine
