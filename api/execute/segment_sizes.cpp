#include "api/execute/segment_sizes.hpp"

#include <utility>

#include "api/parse/mistakes.hpp"
#include "api/plan/segment_planner.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

// One for each name; nullptr, with the problem noted, where a definition does not fit.
std::vector<Plan> plan_segments(const Snapshot& snapshot, const Moment& moment,
                                const std::vector<std::string_view>& names,
                                std::vector<SegmentSize>& sizes) {
  Mistakes none;  // What is wrong is found by planners of their own, one a segment.
  SegmentPlanner planner(snapshot, moment, none);
  std::vector<Plan> plans;
  for (const std::string_view name : names) {
    Mistakes of_segment;
    SegmentPlanner checker(snapshot, moment, of_segment);
    checker.plan_segment(std::string(name), "");
    SegmentSize size;
    if (of_segment.empty()) {
      plans.push_back(planner.plan_segment(std::string(name), ""));
    } else {
      plans.push_back(nullptr);
      size.problem = std::string(of_segment.status().message());
    }
    sizes.push_back(std::move(size));
  }
  return plans;
}

}  // namespace

absl::StatusOr<std::vector<SegmentSize>> segment_sizes(const EvaluationSource& source,
                                                       const std::vector<std::string_view>& names,
                                                       std::string_view timezone) {
  std::vector<SegmentSize> sizes;
  const std::vector<Plan> plans =
      plan_segments(source.snapshot, {source.as_of, timezone}, names, sizes);
  SegmentExecutor executor(source);
  for (const Plan& plan : plans) {
    if (plan) executor.expect(plan);
  }
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (!plans[i]) continue;
    GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet members, executor.evaluate(plans[i]));
    sizes[i].size = members.count();
  }
  return sizes;
}

}  // namespace grapevine
