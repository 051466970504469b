#include <algorithm>
#include <map>
#include <utility>

#include "api/plan/computed_plan.hpp"
#include "api/plan/segment_plan.hpp"

namespace grapevine {
namespace {

using Moving = std::shared_ptr<const MovingRule>;

Plan copy_with(const PlanNode& node, decltype(PlanNode::what) what) {
  return std::make_shared<const PlanNode>(PlanNode{std::move(what), node.cost, node.said});
}

void move_rules(SelectionPlan& plan, TimeMs as_of) {
  for (std::size_t i = 0; i < plan.moving.size(); ++i) {
    if (plan.moving[i]) plan.rows.where[i].test = bind(*plan.moving[i], as_of);
  }
  for (SelectionPlan::Target& target : plan.targets) {
    if (target.moving) target.test = bind(*target.moving, as_of);
  }
}

// One kind of plan after the other; nullptr: it says the same at every moment.
class PlanMover {
 public:
  /// `snapshot`: nullptr where the data stay the same.
  PlanMover(TimeMs as_of, const Snapshot* snapshot) : as_of_(as_of), snapshot_(snapshot) {}

  // A part that several hold is moved once.
  Plan move(const Plan& plan) {
    if (const auto known = moved_.find(plan.get()); known != moved_.end()) return known->second;
    Plan moved = std::visit([&](const auto& what) { return of(*plan, what); }, plan->what);
    return moved_[plan.get()] = moved ? moved : plan;
  }

 private:
  template <typename What>
  [[nodiscard]] Plan of(const PlanNode&, const What&) const {
    return nullptr;  // Everyone, nobody and places.
  }
  [[nodiscard]] Plan of(const PlanNode& node, const AllPlan& all) {
    return copy_with(node, AllPlan{parts(all.parts)});
  }
  [[nodiscard]] Plan of(const PlanNode& node, const AnyPlan& any) {
    return copy_with(node, AnyPlan{parts(any.parts)});
  }
  [[nodiscard]] Plan of(const PlanNode& node, const NotPlan& negation) {
    return copy_with(node, NotPlan{move(negation.part)});
  }
  [[nodiscard]] Plan of(const PlanNode& node, const ConnectedPlan& connected) {
    return copy_with(node,
                     ConnectedPlan{move(connected.members), connected.hops, connected.direction});
  }
  [[nodiscard]] Plan of(const PlanNode& node, const AttributePlan& plan) const {
    const auto column = newest(plan.column);
    if (column == plan.column) return rule(node, plan);
    AttributePlan moved = plan;
    moved.column = column;
    if (plan.moving) moved.test = bind(*plan.moving, as_of_);
    return copy_with(node, std::move(moved));
  }
  [[nodiscard]] Plan of(const PlanNode& node, const ComputedAttributePlan& plan) const {
    ComputedAttributePlan moved = plan;
    moved.computed = computed_at(plan.computed, as_of_);
    if (plan.moving) moved.test = bind(*plan.moving, as_of_);
    return copy_with(node, std::move(moved));
  }
  [[nodiscard]] Plan of(const PlanNode& node, const ScorePlan& plan) const {
    return copy_with(node, ScorePlan{computed_at(plan.score, as_of_), plan.which});
  }
  [[nodiscard]] Plan of(const PlanNode& node, const SeenPlan& plan) const {
    return rule(node, plan);
  }
  [[nodiscard]] Plan of(const PlanNode& node, const IdPlan& plan) const { return rule(node, plan); }
  [[nodiscard]] Plan of(const PlanNode& node, const EventPlan& plan) const {
    EventPlan moved = plan;
    move_rules(moved.events, as_of_);
    bind_times(moved.events, bind(plan.window, as_of_), as_of_);
    return copy_with(node, std::move(moved));
  }
  [[nodiscard]] Plan of(const PlanNode& node, const SequencePlan& plan) const {
    SequencePlan moved = plan;
    for (SequencePlan::Step& step : moved.steps) move_rules(step.events, as_of_);
    bind_steps(moved, as_of_);
    return copy_with(node, std::move(moved));
  }

  template <typename What>
  [[nodiscard]] Plan rule(const PlanNode& node, const What& plan) const {
    if (!plan.moving) return nullptr;
    What moved = plan;
    moved.test = bind(*plan.moving, as_of_);
    return copy_with(node, std::move(moved));
  }

  // Columns are not copied, but made anew for each snapshot that wrote to them.
  [[nodiscard]] std::shared_ptr<const AttributeColumn> newest(
      const std::shared_ptr<const AttributeColumn>& column) const {
    if (snapshot_ == nullptr) return column;
    const auto& now = snapshot_->customers().attributes();
    const auto found = std::find_if(now.begin(), now.end(),
                                    [&](const auto& c) { return c->name == column->name; });
    return found == now.end() ? column : *found;
  }

  [[nodiscard]] std::vector<Plan> parts(const std::vector<Plan>& plans) {
    std::vector<Plan> moved;
    for (const Plan& plan : plans) moved.push_back(move(plan));
    return moved;
  }

  TimeMs as_of_;
  const Snapshot* snapshot_;
  std::map<const PlanNode*, Plan> moved_;
};

}  // namespace

void bind_times(SelectionPlan& plan, TimeWindow window, TimeMs as_of) {
  for (const WindowPlan& one : plan.times) {
    const TimeWindow bound = bind(one, as_of);
    window.from = std::max(window.from, bound.from);
    window.to = std::min(window.to, bound.to);
  }
  plan.rows.from = window.from;
  plan.rows.to = std::max(window.from, window.to);
}

void bind_steps(SequencePlan& plan, TimeMs as_of) {
  const TimeWindow window = bind(plan.window, as_of);
  TimeMs end = as_of + 1;
  if (plan.conversion_window && window.to < end) {
    end = std::min(end, window.to + *plan.conversion_window);
  }
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    bind_times(plan.steps[i].events, {window.from, i == 0 ? window.to : end}, as_of);
  }
}

Plan plan_at(const Plan& plan, TimeMs as_of) { return PlanMover(as_of, nullptr).move(plan); }

Plan plan_at(const Plan& plan, const Snapshot& snapshot, TimeMs as_of) {
  return PlanMover(as_of, &snapshot).move(plan);
}

}  // namespace grapevine
