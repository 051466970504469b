#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "api/execute/segment_executor.hpp"
#include "api/parse/segment_request.hpp"
#include "api/plan/bind_value_rule.hpp"
#include "api/plan/segment_plan.hpp"
#include "storage/ids.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// The parts of a definition whose sizes a preview tells: those of a top-level `all`, in the order
/// in which they were written, or the whole.
struct PreviewPlan {
  struct Step {
    std::string pointer;  ///< Into the definition: "/all/0"; "" for the whole.
    Plan plan;
  };
  std::vector<Step> steps;
  std::set<std::string> traits;  ///< Looked at, nested segments included.
};

/// Errors  Unprocessable: every mistake of the request, those found while it was read included.
absl::StatusOr<PreviewPlan> plan_preview(const SegmentRequest& request, const Snapshot& snapshot,
                                         const Moment& moment);

/// What a preview found.
struct PreviewResult {
  struct Step {
    std::string pointer;
    std::size_t size = 0;       ///< Of this part alone.
    std::size_t remaining = 0;  ///< After the parts before it and this one.
  };
  std::size_t size = 0;
  std::vector<Step> steps;
  std::vector<CustomerId> sample;  ///< The first members in order of appearance who may be listed.
  PlanReport report;               ///< What each step of the plan took, where that was asked for.
};

/// `sample`: how many members to name. `explain`: whether to report on steps.
/// Errors  Cancelled: `stop` fired.
absl::StatusOr<PreviewResult> preview(const PreviewPlan& plan, std::size_t sample, bool explain,
                                      const EvaluationSource& source);

}  // namespace grapevine
