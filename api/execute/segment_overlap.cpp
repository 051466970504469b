#include "api/execute/segment_overlap.hpp"

#include "api/plan/segment_planner.hpp"
#include "kernels/segment/overlap.hpp"
#include "kernels/segment/people.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

std::size_t SegmentOverlap::in_all_of(std::size_t mask) const {
  std::size_t people = 0;
  for (std::size_t region = 0; region < regions.size(); ++region) {
    if ((region & mask) == mask) people += regions[region];
  }
  return people;
}

namespace {

// The plans of the segments that the request names; those that are right are noted by name.
absl::StatusOr<std::vector<Plan>> plan_overlap(const OverlapRequest& request,
                                               const Snapshot& snapshot, const Moment& moment,
                                               SegmentOverlap& overlap) {
  Mistakes mistakes = request.mistakes;
  SegmentPlanner planner(snapshot, moment, mistakes);
  std::vector<Plan> plans;
  for (std::size_t i = 0; i < request.segments.size(); ++i) {
    if (!request.segments[i]) continue;  // Refused already.
    overlap.segments.push_back(*request.segments[i]);
    plans.push_back(planner.plan_segment(*request.segments[i], "/segments/" + std::to_string(i)));
  }
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  overlap.traits = planner.traits();
  return plans;
}

}  // namespace

absl::StatusOr<SegmentOverlap> overlap_segments(const OverlapRequest& request,
                                                const EvaluationSource& source,
                                                std::string_view timezone) {
  SegmentOverlap overlap;
  GRAPEVINE_ASSIGN_OR_RETURN(
      const std::vector<Plan> plans,
      plan_overlap(request, source.snapshot, {source.as_of, timezone}, overlap));
  SegmentExecutor executor(source);
  for (const Plan& plan : plans) executor.expect(plan);
  std::vector<CustomerSet> sets;
  for (const Plan& plan : plans) {
    GRAPEVINE_ASSIGN_OR_RETURN(CustomerSet members, executor.evaluate(plan));
    sets.push_back(std::move(members));
  }
  GRAPEVINE_ASSIGN_OR_RETURN(
      overlap.regions, overlap_regions(sets, people(source.snapshot.customers()), source.stop));
  return overlap;
}

}  // namespace grapevine
