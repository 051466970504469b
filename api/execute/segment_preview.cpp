#include "api/execute/segment_preview.hpp"

#include "api/execute/restricted.hpp"
#include "api/plan/segment_planner.hpp"
#include "kernels/segment/combine.hpp"
#include "kernels/segment/people.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr std::string_view kDefinition = "/definition";  // Where a body has it.

std::vector<CustomerId> first_listed(const CustomerSet& members, std::size_t count) {
  std::vector<CustomerId> first;
  const auto words = members.words();
  for (std::size_t w = 0; w < words.size() && first.size() < count; ++w) {
    for (std::uint64_t rest = words[w]; rest != 0 && first.size() < count; rest &= rest - 1) {
      first.push_back(CustomerId(static_cast<std::uint32_t>(w * 64) +
                                 static_cast<std::uint32_t>(std::countr_zero(rest))));
    }
  }
  return first;
}

}  // namespace

absl::StatusOr<PreviewPlan> plan_preview(const SegmentRequest& request, const Snapshot& snapshot,
                                         const Moment& moment) {
  Mistakes mistakes = request.mistakes;
  SegmentPlanner planner(snapshot, moment, mistakes);
  PreviewPlan plan;
  if (request.definition) {
    const Condition& whole = *request.definition;
    if (const auto* all = std::get_if<AllOf>(&whole.what); all && !all->parts.empty()) {
      for (const Condition& part : all->parts) {
        plan.steps.push_back({part.pointer.substr(kDefinition.size()), planner.plan(part)});
      }
    } else {
      plan.steps.push_back({"", planner.plan(whole)});
    }
  }
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  plan.traits = planner.traits();
  return plan;
}

absl::StatusOr<PreviewResult> preview(const PreviewPlan& plan, std::size_t sample, bool explain,
                                      const EvaluationSource& source) {
  const Snapshot& snapshot = source.snapshot;
  PreviewResult result;
  SegmentExecutor executor(source, explain ? &result.report : nullptr);
  for (const PreviewPlan::Step& step : plan.steps) executor.expect(step.plan);
  CustomerSet members = people(snapshot.customers());
  for (const PreviewPlan::Step& step : plan.steps) {
    GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet part, executor.evaluate(step.plan));
    intersect(members, part);
    result.steps.push_back({step.pointer, part.count(), members.count()});
  }
  result.size = members.count();
  if (sample > 0) {
    GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet restricted,
                               restricted_customers(snapshot, source.stop));
    subtract(members, restricted);
    result.sample = first_listed(members, sample);
  }
  return result;
}

}  // namespace grapevine
