#include "api/plan/segment_planner.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "api/encode/definition_json.hpp"
#include "api/live/graph_view.hpp"
#include "api/parse/nearest_name.hpp"
#include "api/parse/parse_definition.hpp"
#include "api/plan/attribute_catalog.hpp"
#include "api/plan/bind_measure.hpp"
#include "api/plan/calendar.hpp"
#include "api/plan/computed_document.hpp"
#include "api/plan/computed_planner.hpp"
#include "api/plan/row_rules.hpp"
#include "api/plan/segment_document.hpp"

namespace grapevine {
namespace {

constexpr std::string_view kTarget = "target_id";
// What a row costs beside its columns: customer and time.
constexpr double kBytesPerRow = 8.0;
constexpr double kBytesPerPlace = 16.0;
constexpr double kBytesPerTies = 64.0;

template <typename What>
Plan make(What what, double cost) {
  return std::make_shared<const PlanNode>(PlanNode{std::move(what), cost, {}});
}

bool accepts_nothing(const ValueTest& test) {
  return !test.any && !test.accepts_false && !test.accepts_true && test.whole.empty() &&
         test.real.empty() && test.texts.empty() && !test.text;
}

// nullptr: the rule says the same at every moment.
std::shared_ptr<const MovingRule> moving_rule(const ValueRule& rule, const RuleSubject& subject,
                                              const Moment& moment) {
  if (rule.op != Operator::Within && rule.op != Operator::AnniversaryWithin) return nullptr;
  return std::make_shared<const MovingRule>(
      MovingRule{rule, subject.type, subject.is_time, std::string(moment.timezone)});
}

Plan negated_if(bool negated, Plan plan) { return negated ? plan_not(std::move(plan)) : plan; }

RowChoice choice_of(Occurrence occurrence) {
  switch (occurrence) {
    case Occurrence::Any: break;
    case Occurrence::First: return RowChoice::First;
    case Occurrence::Last: return RowChoice::Last;
  }
  return RowChoice::Any;
}

std::vector<std::string_view> event_names(const Snapshot& snapshot) {
  std::vector<std::string_view> names;
  for (std::uint32_t i = 0; i < snapshot.event_counts().size(); ++i) {
    names.push_back(snapshot.event_names().at(i));
  }
  return names;
}

}  // namespace

SegmentPlanner::SegmentPlanner(const Snapshot& snapshot, Moment moment, Mistakes& mistakes,
                               std::string_view defining)
    : snapshot_(snapshot), moment_(moment), mistakes_(mistakes) {
  if (!defining.empty()) path_.emplace_back(defining);
}

Moment SegmentPlanner::moment_in(const std::string& timezone) const {
  return {moment_.as_of, timezone.empty() ? moment_.timezone : std::string_view(timezone)};
}

Plan SegmentPlanner::plan(const Condition& condition) {
  std::string said = definition_json(condition);
  if (const auto planned = planned_.find(said); planned != planned_.end()) return planned->second;
  const std::size_t before = mistakes_.count();
  Plan plan = make_plan(condition);
  if (plan->said.empty()) {
    auto node = std::make_shared<PlanNode>(*plan);
    node->said = said;
    plan = std::move(node);
  }
  // What is wrong is wrong at each of its places, so it is looked at again.
  if (mistakes_.count() == before) planned_.emplace(std::move(said), plan);
  return plan;
}

Plan SegmentPlanner::make_plan(const Condition& condition) {
  const auto customers = static_cast<double>(snapshot_.customers().count());
  return std::visit(
      [&](const auto& what) -> Plan {
        using What = std::decay_t<decltype(what)>;
        if constexpr (std::is_same_v<What, AllOf>) return plan_parts(what.parts, plan_all);
        if constexpr (std::is_same_v<What, AnyOf>) return plan_parts(what.parts, plan_any);
        if constexpr (std::is_same_v<What, NotOf>) return plan_not(plan(what.part.front()));
        if constexpr (std::is_same_v<What, AttributeCondition>) return plan_attribute(what);
        if constexpr (std::is_same_v<What, EventCondition>) return plan_event(condition, what);
        if constexpr (std::is_same_v<What, SequenceCondition>)
          return plan_sequence(condition, what);
        if constexpr (std::is_same_v<What, NearCondition>) {
          note_places();
          return make(NearPlan{what}, customers * kBytesPerPlace);
        }
        if constexpr (std::is_same_v<What, BoxCondition>) {
          note_places();
          return make(BoxPlan{what}, customers * kBytesPerPlace);
        }
        if constexpr (std::is_same_v<What, InfluenceCondition>) {
          return plan_influence(condition, what);
        }
        if constexpr (std::is_same_v<What, ConnectedCondition>) {
          return plan_connected(condition, what);
        }
        if constexpr (std::is_same_v<What, SegmentCondition>) {
          return plan_segment(what.name, condition.pointer + "/segment");
        }
        if constexpr (std::is_same_v<What, CustomersCondition>) {
          IdPlan ids;
          ids.test.texts = what.ids;  // Looked up one by one: their order does not matter.
          return what.ids.empty() ? plan_nobody() : make(std::move(ids), double(what.ids.size()));
        }
      },
      condition.what);
}

std::shared_ptr<const ZoneOffsets> SegmentPlanner::zone(const std::string& timezone) {
  auto& known = zones_[timezone];
  if (!known) known = zone_offsets(timezone);
  return known;
}

void SegmentPlanner::note_places() {
  for (const char* name : {"latitude", "longitude"}) {
    if (snapshot_.customers().attribute(name) != nullptr) traits_.insert(name);
  }
}

Plan SegmentPlanner::plan_parts(const std::vector<Condition>& parts,
                                Plan (*fold)(std::vector<Plan>)) {
  std::vector<Plan> plans;
  for (const Condition& part : parts) plans.push_back(plan(part));
  return fold(std::move(plans));
}

Plan SegmentPlanner::plan_computed(const AttributeCondition& condition) {
  const ValueRule& rule = condition.rule;
  ComputedPlanner planner(snapshot_, moment_, mistakes_);
  const ComputedPlan computed = planner.plan_named(rule.name, rule.pointer + "/attribute");
  if (computed == nullptr) return plan_nobody();
  traits_.merge(std::set<std::string>(planner.traits()));
  const RuleSubject subject{rule.name, computed->type, false};
  const Moment moment = moment_in(condition.timezone);
  auto bound = bind_value_rule(rule, subject, moment, mistakes_);
  if (!bound) return plan_nobody();
  ComputedAttributePlan plan{computed, std::move(bound->test), moving_rule(rule, subject, moment)};
  PlanNode node{std::move(plan), computed->cost, {}};
  // Under another definition of the attribute it is another condition.
  node.said = definition_json(Condition{rule.pointer, condition});
  node.said.back() = ',';
  node.said += R"("computed":)" + computed->said + '}';
  return negated_if(bound->negated, std::make_shared<const PlanNode>(std::move(node)));
}

Plan SegmentPlanner::plan_attribute(const AttributeCondition& condition) {
  const ValueRule& rule = condition.rule;
  if (has_computed(snapshot_, rule.name) || find_score_attribute(rule.name) != nullptr) {
    return plan_computed(condition);
  }
  Attribute attribute;
  if (!find_attribute(snapshot_, rule.name, attribute)) {
    mistakes_.add(rule.pointer + "/attribute",
                  no_such("attribute", rule.name, attribute_names(snapshot_)));
    return plan_nobody();
  }
  const RuleSubject subject{rule.name, attribute.type, attribute.is_time()};
  const Moment moment = moment_in(condition.timezone);
  auto bound = bind_value_rule(rule, subject, moment, mistakes_);
  if (!bound) return plan_nobody();
  const auto moving = moving_rule(rule, subject, moment);
  Plan plan = plan_nobody();
  const auto customers = static_cast<double>(snapshot_.customers().count());
  switch (attribute.from) {
    case Attribute::From::Column:
      traits_.insert(rule.name);
      plan = make(AttributePlan{attribute.column, bound->test, moving}, customers * 8);
      break;
    case Attribute::From::Id: {
      const bool looks_up = !bound->test.any && !bound->test.text;
      const double cost = looks_up ? static_cast<double>(bound->test.texts.size()) : customers * 32;
      plan = make(IdPlan{bound->test, moving}, cost);
      break;
    }
    case Attribute::From::FirstSeen:
    case Attribute::From::LastSeen:
      plan = make(SeenPlan{attribute.from == Attribute::From::LastSeen, bound->test, moving},
                  static_cast<double>(snapshot_.rows()) * kBytesPerRow);
      break;
    case Attribute::From::Nothing: break;
  }
  if (!moving && accepts_nothing(bound->test)) plan = plan_nobody();
  return negated_if(bound->negated, std::move(plan));
}

Plan SegmentPlanner::plan_customers(const std::vector<ValueRule>& rules,
                                    const std::string& timezone) {
  std::vector<Plan> plans;
  for (const ValueRule& rule : rules) {
    plans.push_back(plan(Condition{rule.pointer, AttributeCondition{rule, timezone}}));
  }
  return plan_all(std::move(plans));
}

Plan SegmentPlanner::plan_event(const Condition& place, const EventCondition& condition) {
  EventCondition of_anyone = condition;
  const std::vector<ValueRule> whose = take_customer_rules(of_anyone.events);
  if (!whose.empty()) {  // The others have no such event, whatever they did.
    const Plan who = plan_customers(whose, condition.timezone);
    Mistakes known;
    const bool others =
        accepts_no_rows(bind_measure(condition.aggregate, place.pointer, snapshot_, known));
    Plan events = plan(Condition{place.pointer, std::move(of_anyone)});
    Plan members = plan_all({who, std::move(events)});
    return others ? plan_any({std::move(members), plan_not(who)}) : members;
  }
  EventPlan plan;
  const std::string timezone(moment_in(condition.timezone).timezone);
  plan.events = bind_events(condition.events, timezone, condition.occurrence);
  plan.window = {condition.window, timezone};
  bind_times(plan.events, bind(plan.window, moment_.as_of), moment_.as_of);
  if (!condition.clock.is_any()) {
    plan.events.rows.clock =
        ClockTest{condition.clock.hours, condition.clock.weekdays, zone(timezone)};
  }
  plan.choice = choice_of(condition.occurrence);
  plan.measure = bind_measure(condition.aggregate, place.pointer, snapshot_, mistakes_);
  const double cost = cost_of(plan.events);
  return make(std::move(plan), cost);
}

Plan SegmentPlanner::plan_sequence(const Condition& place, const SequenceCondition& condition) {
  SequenceCondition of_anyone = condition;
  std::vector<ValueRule> whose;
  for (SequenceCondition::Step& step : of_anyone.steps) {
    for (ValueRule& rule : take_customer_rules(step.events)) {
      if (step.negated) {
        mistakes_.add(rule.pointer + "/column",
                      "not_event takes no rule on customer_id: say it of a condition beside the "
                      "sequence");
      }
      whose.push_back(std::move(rule));
    }
  }
  if (!whose.empty()) {  // All steps are the same customer's.
    Plan who = plan_customers(whose, condition.timezone);
    return plan_all({std::move(who), plan(Condition{place.pointer, std::move(of_anyone)})});
  }
  SequencePlan plan;
  const std::string timezone(moment_in(condition.timezone).timezone);
  plan.window = {condition.window, timezone};
  plan.conversion_window = condition.conversion_window;
  double cost = 0.0;
  for (const SequenceCondition::Step& step : condition.steps) {
    plan.steps.push_back({bind_events(step.events, timezone, Occurrence::Any), step.negated});
    if (plan.steps.back().events.ids) {
      mistakes_.add(step.events.pointer, "a step takes no rule on event_id");
    }
    cost += 2 * cost_of(plan.steps.back().events);
  }
  bind_steps(plan, moment_.as_of);
  return make(std::move(plan), cost);
}

Plan SegmentPlanner::plan_influence(const Condition& place, const InfluenceCondition& condition) {
  ComputedPlanner planner(snapshot_, moment_, mistakes_);
  ScorePlan plan{planner.plan_score(*find_score(condition.score), place.pointer + "/influence"),
                 {}};
  traits_.merge(std::set<std::string>(planner.traits()));
  if (plan.score == nullptr) return plan_nobody();
  if (const auto* top = std::get_if<TopPeople>(&condition.which)) plan.which = *top;
  if (const auto* share = std::get_if<TopShare>(&condition.which)) {
    plan.which = *share;
  }
  if (const auto* bounds = std::get_if<std::vector<Bound>>(&condition.which)) {
    plan.which = real_range(*bounds);
  }
  const double cost = plan.score->cost;
  return make(std::move(plan), cost);
}

Plan SegmentPlanner::plan_connected(const Condition& place, const ConnectedCondition& condition) {
  ConnectedPlan plan{plan_segment(condition.segment, place.pointer + "/connected_to/segment"),
                     condition.hops, condition.direction};
  const double cost =
      plan.members->cost + static_cast<double>(snapshot_.customers().count()) * kBytesPerTies;
  return make(std::move(plan), cost);
}

SelectionPlan SegmentPlanner::bind_events(const EventRule& rule, const std::string& timezone,
                                          Occurrence occurrence) {
  SelectionPlan plan;
  bind_names(rule, plan.rows);
  const Moment moment{moment_.as_of, timezone};
  for (const ValueRule& where : rule.where) {
    if (where.name == "ts") {
      if (auto window = window_of(where, moment, mistakes_)) {
        plan.times.push_back({*std::move(window), timezone});
      }
    } else if (where.name == "event") {
      keep_names(where, rule, moment, occurrence, plan.rows);
    } else if (where.name == "event_id") {
      keep_ids(where, plan);
    } else {
      bind_where(where, moment, plan);
    }
  }
  return plan;
}

void SegmentPlanner::keep_ids(const ValueRule& where, SelectionPlan& plan) {
  auto ids = event_ids(where, mistakes_);
  if (!ids) return;
  if (plan.ids) {  // Those that both rules list.
    std::erase_if(*ids, [&](const std::string& id) {
      return std::find(plan.ids->begin(), plan.ids->end(), id) == plan.ids->end();
    });
  }
  plan.ids = std::move(ids);
}

void SegmentPlanner::keep_names(const ValueRule& where, const EventRule& rule, const Moment& moment,
                                Occurrence occurrence, EventSelection& rows) {
  const auto bound = bind_name_rule(where, rule, moment, mistakes_);
  if (!bound) return;
  std::vector<EventNameId> kept;
  for (const EventNameId event : rows.events) {
    if (satisfies(bound->test, snapshot_.event_names().at(index(event))) != bound->negated) {
      kept.push_back(event);
    }
  }
  // Which event is the first one is found among all names, before it is asked for its own.
  if (occurrence != Occurrence::Any && !kept.empty() && kept.size() < rows.events.size()) {
    return mistakes_.add(where.pointer + "/column",
                         "a rule on event that some of the names satisfy does not go with first "
                         "and last");
  }
  rows.events = std::move(kept);
}

void SegmentPlanner::bind_names(const EventRule& rule, EventSelection& rows) {
  for (std::size_t i = 0; i < rule.names.size(); ++i) {
    const std::string& name = rule.names[i];
    if (name.empty()) continue;  // Refused already.
    const EventNameId event = snapshot_.find_event(name);
    if (index(event) == Dictionary::kMissing) {
      const std::string in_list = rule.is_list ? '/' + std::to_string(i) : "";
      mistakes_.add(rule.pointer + in_list, no_such("event", name, event_names(snapshot_)));
    } else if (std::find(rows.events.begin(), rows.events.end(), event) == rows.events.end()) {
      rows.events.push_back(event);
    }
  }
}

void SegmentPlanner::bind_where(const ValueRule& rule, const Moment& moment, SelectionPlan& plan) {
  const std::string pointer = rule.pointer + "/column";
  const bool is_target = rule.name == kTarget;
  ColumnId column{};
  const ColumnInfo* info = is_target ? nullptr : snapshot_.find_column(rule.name, column);
  if (!is_target && info == nullptr) {
    return mistakes_.add(
        pointer,
        no_such_column(rule.name, snapshot_, {kTarget, "ts", "event", "customer_id", "event_id"}));
  }
  const RuleSubject subject{rule.name, is_target ? ValueType::String : info->type, false};
  auto bound = bind_value_rule(rule, subject, moment, mistakes_);
  if (!bound) return;
  auto moving = moving_rule(rule, subject, moment);
  if (is_target) {
    plan.targets.push_back({std::move(bound->test), bound->negated, std::move(moving)});
  } else {
    plan.rows.where.push_back({column, std::move(bound->test), bound->negated});
    plan.moving.push_back(std::move(moving));
  }
}

double SegmentPlanner::cost_of(const SelectionPlan& plan) const {
  double rows = 0.0;
  for (const EventNameId event : plan.rows.events) {
    if (index(event) < snapshot_.event_counts().size()) {
      rows += static_cast<double>(snapshot_.event_counts()[index(event)]);
    }
  }
  const auto rules = static_cast<double>(plan.rows.where.size() + plan.targets.size());
  const auto customers = static_cast<double>(snapshot_.customers().count());
  return customers * 4 + rows * (kBytesPerRow + 4 * rules);
}

Plan SegmentPlanner::plan_segment(const std::string& name, const std::string& pointer) {
  if (const auto planned = segments_.find(name); planned != segments_.end()) return planned->second;
  const auto in_circle = std::find(path_.begin(), path_.end(), name);
  if (in_circle != path_.end()) {
    std::string circle;
    for (auto at = in_circle; at != path_.end(); ++at) circle += *at + " -> ";
    mistakes_.add(pointer, "segments nest each other in a circle: " + circle + name);
    return plan_nobody();
  }
  const auto segment = find_segment(snapshot_, name);
  if (!segment) {
    mistakes_.add(pointer, no_such_segment(snapshot_, name));
    return plan_nobody();
  }
  if (path_.size() > static_cast<std::size_t>(kNestingMax)) {
    mistakes_.add(pointer, "segments nested deeper than " + std::to_string(kNestingMax));
    return plan_nobody();
  }
  // A mistake inside it is not the caller's, and has no place in the caller's request.
  Mistakes inside;
  SegmentPlanner planner(snapshot_, moment_, inside);
  planner.path_ = path_;
  planner.path_.push_back(name);
  planner.segments_ = std::move(segments_);
  planner.planned_ = std::move(planned_);
  const auto condition = parse_definition(segment->definition, "/definition", inside);
  Plan plan = condition ? planner.plan(*condition) : plan_nobody();
  segments_ = std::move(planner.segments_);
  planned_ = std::move(planner.planned_);
  traits_.merge(planner.traits_);
  if (!inside.empty()) {
    mistakes_.add(pointer, "in segment " + name + ": " + std::string(inside.status().message()));
  }
  segments_[name] = plan;
  return plan;
}

}  // namespace grapevine
