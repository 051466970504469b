#include "api/execute/segments_of.hpp"

#include "api/execute/segment_executor.hpp"
#include "api/parse/mistakes.hpp"
#include "api/plan/segment_document.hpp"
#include "api/plan/segment_planner.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

absl::StatusOr<SegmentsOf> segments_of(const Snapshot& snapshot, CustomerId person,
                                       const Moment& moment, const Stop& stop) {
  SegmentsOf segments;
  SegmentExecutor executor(snapshot, moment.as_of, stop);
  Mistakes mistakes;
  SegmentPlanner planner(snapshot, moment, mistakes);
  for (const std::string_view name : segment_names(snapshot)) {
    const std::size_t before = mistakes.count();
    const Plan plan = planner.plan_segment(std::string(name), "");
    if (mistakes.count() != before) continue;
    GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet members, executor.evaluate(plan));
    if (members.has(person)) segments.names.emplace_back(name);
  }
  segments.traits = planner.traits();
  return segments;
}

}  // namespace grapevine
