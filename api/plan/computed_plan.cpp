#include "api/plan/computed_plan.hpp"

#include <utility>

namespace grapevine {

ComputedPlan computed_at(const ComputedPlan& plan, TimeMs as_of) {
  ComputedNode moved = *plan;
  if (auto* measured = std::get_if<MeasuredPlan>(&moved.what)) {
    measured->events = plan_at(measured->events, as_of);
  } else if (auto* latest = std::get_if<LatestPlan>(&moved.what)) {
    latest->events = plan_at(latest->events, as_of);
  } else if (auto* combined = std::get_if<CombinedPlan>(&moved.what)) {
    for (ComputedPlan& operand : combined->operands) operand = computed_at(operand, as_of);
  } else if (auto* groups = std::get_if<GroupsPlan>(&moved.what)) {
    groups->of = computed_at(groups->of, as_of);
  }
  return std::make_shared<const ComputedNode>(std::move(moved));
}

}  // namespace grapevine
