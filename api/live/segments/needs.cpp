#include "api/live/segments/needs.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <type_traits>
#include <variant>

#include "api/plan/computed_plan.hpp"
#include "api/plan/score_names.hpp"

namespace grapevine {
namespace {

template <typename Element>
void add_once(std::vector<Element>& list, const Element& element) {
  if (std::find(list.begin(), list.end(), element) == list.end()) list.push_back(element);
}

// Rows of a selection leave a window.
void add_window(const WindowPlan& window, const SelectionPlan& plan, Needs& needs) {
  if (!window.said.within) return;
  if (const auto* duration = std::get_if<TimeMs>(&*window.said.within)) {
    for (const EventNameId event : plan.rows.events) {
      add_once(needs.departures, {event, *duration});
    }
  } else {
    needs.midnights.push_back({window.timezone, 0});
  }
}

// Those of its own rules on `ts`.
void add_times(const SelectionPlan& plan, Needs& needs) {
  for (const WindowPlan& window : plan.times) add_window(window, plan, needs);
}

void add_selection(const SelectionPlan& plan, Needs& needs) {
  add_times(plan, needs);
  for (const EventNameId event : plan.rows.events) add_once(needs.events, event);
  const bool moves = std::any_of(plan.moving.begin(), plan.moving.end(),
                                 [](const auto& rule) { return rule != nullptr; });
  if (!plan.targets.empty()) needs.others = true;
  if (plan.ids) {
    needs.anything = true;
    needs.by_person = false;
  }
  if (moves) needs.anything = needs.always = true;
  if (moves || !plan.targets.empty()) needs.by_person = false;
}

// Values of an attribute enter a window and leave it.
void add_moving(const MovingRule& rule, Needs& needs) {
  const auto* duration = std::get_if<TimeMs>(&rule.rule.within);
  if (rule.rule.op == Operator::AnniversaryWithin || duration == nullptr) {
    needs.midnights.push_back({rule.timezone, 0});
    if (duration != nullptr) needs.midnights.push_back({rule.timezone, *duration});
  } else {
    needs.moves_with_values = true;
  }
}

// Windows of the events that an attribute is computed from.
void add_computed(const ComputedNode& node, Needs& needs, std::set<const ComputedNode*>& seen) {
  if (!seen.insert(&node).second) return;
  const auto add_events = [&](const Plan& events) {
    const EventPlan& plan = std::get<EventPlan>(events->what);
    add_window(plan.window, plan.events, needs);
    add_times(plan.events, needs);
    // Events may come before their time.
    for (const EventNameId event : plan.events.rows.events) add_once(needs.departures, {event, 0});
    for (const auto& rule : plan.events.moving) needs.always = needs.always || rule != nullptr;
  };
  if (const auto* measured = std::get_if<MeasuredPlan>(&node.what)) add_events(measured->events);
  if (const auto* latest = std::get_if<LatestPlan>(&node.what)) add_events(latest->events);
  if (const auto* combined = std::get_if<CombinedPlan>(&node.what)) {
    for (const ComputedPlan& operand : combined->operands) add_computed(*operand, needs, seen);
  }
  // Somebody's first or last event may come before its time.
  if (std::holds_alternative<SeenTimePlan>(node.what)) needs.always = true;
  if (const auto* groups = std::get_if<GroupsPlan>(&node.what)) {
    add_computed(*groups->of, needs, seen);
  }
  if (const auto* score = std::get_if<ScoreColumnPlan>(&node.what)) {
    const ScoreName* name = find_score_attribute(std::string(kScorePrefix) + score->score);
    needs.others = true;
    // What people do counts for a while, and that of the future once its time has come.
    if (name->from != ScoreName::From::Graph) needs.anything = true;
    if (name->from == ScoreName::From::Events) needs.always = true;
    if (score->value != nullptr) add_computed(*score->value, needs, seen);
  }
}

struct Read {
  Needs& needs;

  void operator()(const EventPlan& plan) const {
    add_selection(plan.events, needs);
    add_window(plan.window, plan.events, needs);
  }
  void operator()(const SequencePlan& plan) const {
    for (const SequencePlan::Step& step : plan.steps) add_selection(step.events, needs);
    const SelectionPlan& first = plan.steps.front().events;
    add_window(plan.window, first, needs);
    if (!plan.conversion_window || !plan.steps.back().negated) return;
    // It has passed when the moment of asking has reached it.
    for (const EventNameId event : first.rows.events) {
      add_once(needs.departures, {event, *plan.conversion_window});
      add_once(needs.departures, {event, *plan.conversion_window + 1});
    }
  }
  void operator()(const AttributePlan& plan) const {
    needs.traits = true;
    if (plan.moving) add_moving(*plan.moving, needs);
  }
  // What is computed of one person may depend on everybody: groups do.
  void operator()(const ComputedAttributePlan& plan) const {
    needs.by_person = false;
    needs.anything = true;
    needs.always = needs.always || plan.moving != nullptr;
    std::set<const ComputedNode*> seen;
    add_computed(*plan.computed, needs, seen);
  }
  void operator()(const IdPlan& plan) const {
    needs.others = true;
    needs.by_person = false;
    if (plan.moving) needs.always = true;
  }
  void operator()(const SeenPlan& plan) const {
    needs.seen = true;
    if (!plan.moving) return;
    const auto* duration = std::get_if<TimeMs>(&plan.moving->rule.within);
    if (plan.moving->rule.op == Operator::Within && duration != nullptr) {
      needs.seen_delays.push_back(*duration);
    } else {
      add_moving(*plan.moving, needs);
    }
  }
  void operator()(const ConnectedPlan& plan) const {
    add_parts({plan.members});
    needs.always = needs.always || needs.moves_with_values;
    needs.by_person = false;
    needs.others = true;
  }
  void operator()(const ScorePlan& plan) const {
    needs.by_person = false;
    std::set<const ComputedNode*> seen;
    add_computed(*plan.score, needs, seen);
  }
  void operator()(const NearPlan&) const { add_place(); }
  void operator()(const BoxPlan&) const { add_place(); }
  void operator()(const AllPlan& plan) const { add_parts(plan.parts); }
  void operator()(const AnyPlan& plan) const { add_parts(plan.parts); }
  void operator()(const NotPlan& plan) const { add_parts({plan.part}); }
  void operator()(const EveryonePlan&) const { needs.anything = true; }  // And who comes.
  void operator()(const NobodyPlan&) const {}

  void add_parts(const std::vector<Plan>& parts) const {
    for (const Plan& part : parts) std::visit(*this, part->what);
  }
  void add_place() const {
    needs.by_person = false;
    needs.anything = true;
  }
};

}  // namespace

Needs needs_of(const PlanNode& condition) {
  Needs needs;
  std::visit(Read{needs}, condition.what);
  return needs;
}

TimeMs next_turn(const Needs& needs, TimeMs now) {
  TimeMs next = std::numeric_limits<TimeMs>::max();
  for (const Needs::Ahead& ahead : needs.midnights) {
    const TimeMs turn = next_midnight(now + ahead.duration - 1, ahead.timezone) - ahead.duration;
    // And a moment later: whether midnight itself is met is the kernels' to say.
    next = std::min(next, turn > now ? turn : turn + 1);
  }
  return next;
}

}  // namespace grapevine
