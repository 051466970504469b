#include "api/execute/segments_of.hpp"

#include "api/execute/person_conditions.hpp"
#include "api/parse/mistakes.hpp"
#include "api/plan/segment_document.hpp"
#include "api/plan/segment_planner.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

absl::StatusOr<SegmentsOf> segments_of(CustomerId person, const EvaluationSource& source,
                                       std::string_view timezone, ResultCache& kept) {
  const Snapshot& snapshot = source.snapshot;
  SegmentsOf segments;
  PersonConditions conditions(person, source, kept);
  Mistakes mistakes;
  SegmentPlanner planner(snapshot, {source.as_of, timezone}, mistakes);
  for (const std::string_view name : segment_names(snapshot)) {
    const std::size_t before = mistakes.count();
    const Plan plan = planner.plan_segment(std::string(name), "");
    if (mistakes.count() != before) continue;
    GRAPEVINE_ASSIGN_OR_RETURN(const bool is_member, conditions.holds(plan));
    if (is_member) segments.names.emplace_back(name);
  }
  segments.traits = planner.traits();
  return segments;
}

}  // namespace grapevine
