#include "api/execute/segment_overlap.hpp"

#include "api/execute/segment_executor.hpp"
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

absl::StatusOr<SegmentOverlap> overlap_segments(const OverlapRequest& request,
                                                const Snapshot& snapshot, const Moment& moment,
                                                const Stop& stop) {
  Mistakes mistakes = request.mistakes;
  SegmentPlanner planner(snapshot, moment, mistakes);
  SegmentOverlap overlap;
  std::vector<Plan> plans;
  for (std::size_t i = 0; i < request.segments.size(); ++i) {
    if (!request.segments[i]) continue;  // Refused already.
    overlap.segments.push_back(*request.segments[i]);
    plans.push_back(planner.plan_segment(*request.segments[i], "/segments/" + std::to_string(i)));
  }
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  SegmentExecutor executor(snapshot, moment.as_of, stop);
  std::vector<CustomerSet> sets;
  for (const Plan& plan : plans) {
    GRAPEVINE_ASSIGN_OR_RETURN(CustomerSet members, executor.evaluate(plan));
    sets.push_back(std::move(members));
  }
  overlap.traits = planner.traits();
  GRAPEVINE_ASSIGN_OR_RETURN(overlap.regions,
                             overlap_regions(sets, people(snapshot.customers()), stop));
  return overlap;
}

}  // namespace grapevine
