#include "api/plan/segment_plan.hpp"

#include <algorithm>
#include <utility>

namespace grapevine {
namespace {

template <typename What>
bool is(const Plan& plan) {
  return std::holds_alternative<What>(plan->what);
}

template <typename What>
Plan make(What what, double cost) {
  return std::make_shared<const PlanNode>(PlanNode{std::move(what), cost, {}});
}

// `All` and `Any` are one rule with the roles of everyone and nobody swapped: the first of the two
// decides the whole, the second one changes nothing.
template <typename Parts, typename Deciding, typename Neutral>
Plan fold(std::vector<Plan> parts) {
  if (std::any_of(parts.begin(), parts.end(), is<Deciding>)) return make(Deciding{}, 0.0);
  std::erase_if(parts, is<Neutral>);
  if (parts.empty()) return make(Neutral{}, 0.0);
  if (parts.size() == 1) return std::move(parts.front());
  std::stable_sort(parts.begin(), parts.end(),
                   [](const Plan& a, const Plan& b) { return a->cost < b->cost; });
  double cost = 0.0;
  for (const Plan& part : parts) cost += part->cost;
  return make(Parts{std::move(parts)}, cost);
}

}  // namespace

std::vector<Plan> parts_of(const PlanNode& node) {
  if (const auto* all = std::get_if<AllPlan>(&node.what)) return all->parts;
  if (const auto* any = std::get_if<AnyPlan>(&node.what)) return any->parts;
  if (const auto* negation = std::get_if<NotPlan>(&node.what)) return {negation->part};
  if (const auto* connected = std::get_if<ConnectedPlan>(&node.what)) return {connected->members};
  return {};
}

Plan plan_all(std::vector<Plan> parts) {
  return fold<AllPlan, NobodyPlan, EveryonePlan>(std::move(parts));
}

Plan plan_any(std::vector<Plan> parts) {
  return fold<AnyPlan, EveryonePlan, NobodyPlan>(std::move(parts));
}

Plan plan_not(Plan part) {
  if (is<EveryonePlan>(part)) return plan_nobody();
  if (is<NobodyPlan>(part)) return plan_everyone();
  if (const auto* negation = std::get_if<NotPlan>(&part->what)) return negation->part;
  const double cost = part->cost;
  return make(NotPlan{std::move(part)}, cost);
}

Plan plan_everyone() { return make(EveryonePlan{}, 0.0); }

Plan plan_nobody() { return make(NobodyPlan{}, 0.0); }

}  // namespace grapevine
