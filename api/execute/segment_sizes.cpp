#include "api/execute/segment_sizes.hpp"

#include "api/execute/segment_executor.hpp"
#include "api/parse/mistakes.hpp"
#include "api/plan/segment_planner.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

absl::StatusOr<std::vector<SegmentSize>> segment_sizes(const Snapshot& snapshot,
                                                       const std::vector<std::string_view>& names,
                                                       const Moment& moment, const Stop& stop) {
  SegmentExecutor executor(snapshot, moment.as_of, stop);
  Mistakes mistakes;
  SegmentPlanner planner(snapshot, moment, mistakes);
  std::vector<SegmentSize> sizes;
  for (const std::string_view name : names) {
    Mistakes of_segment;
    SegmentPlanner checker(snapshot, moment, of_segment);
    checker.plan_segment(std::string(name), "");
    if (!of_segment.empty()) {
      sizes.push_back({std::nullopt, std::string(of_segment.status().message())});
      continue;
    }
    const Plan plan = planner.plan_segment(std::string(name), "");
    GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet members, executor.evaluate(plan));
    sizes.push_back({members.count(), {}});
  }
  return sizes;
}

}  // namespace grapevine
