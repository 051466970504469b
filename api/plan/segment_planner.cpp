#include "api/plan/segment_planner.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "api/parse/nearest_name.hpp"
#include "api/parse/parse_definition.hpp"
#include "api/plan/attribute_catalog.hpp"
#include "api/plan/calendar.hpp"
#include "api/plan/segment_document.hpp"

namespace grapevine {
namespace {

// Columns that every row of `events` has. Rules on them come with a later version, but for target_id.
constexpr std::string_view kRowColumns[] = {"ts", "event", "customer_id", "event_id"};
constexpr std::string_view kTarget = "target_id";
// What a row costs beside its columns: customer and time.
constexpr double kBytesPerRow = 8.0;

template <typename What>
Plan make(What what, double cost) {
  return std::make_shared<const PlanNode>(PlanNode{std::move(what), cost});
}

bool accepts_nothing(const ValueTest& test) {
  return !test.any && !test.accepts_false && !test.accepts_true && test.whole.empty() &&
         test.real.empty() && test.texts.empty() && !test.text;
}

Plan negated_if(bool negated, Plan plan) { return negated ? plan_not(std::move(plan)) : plan; }

std::vector<std::string_view> event_names(const Snapshot& snapshot) {
  std::vector<std::string_view> names;
  for (std::uint32_t i = 0; i < snapshot.event_counts().size(); ++i) {
    names.push_back(snapshot.event_names().at(i));
  }
  return names;
}

std::vector<std::string_view> column_names(const Snapshot& snapshot) {
  std::vector<std::string_view> names{kTarget};
  for (const ColumnInfo& column : snapshot.columns()) names.emplace_back(column.name);
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
  return std::visit(
      [&](const auto& what) -> Plan {
        using What = std::decay_t<decltype(what)>;
        if constexpr (std::is_same_v<What, AllOf>) return plan_parts(what.parts, plan_all);
        if constexpr (std::is_same_v<What, AnyOf>) return plan_parts(what.parts, plan_any);
        if constexpr (std::is_same_v<What, NotOf>) return plan_not(plan(what.part.front()));
        if constexpr (std::is_same_v<What, AttributeCondition>) return plan_attribute(what);
        if constexpr (std::is_same_v<What, EventCondition>) return plan_event(condition, what);
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

Plan SegmentPlanner::plan_parts(const std::vector<Condition>& parts,
                                Plan (*fold)(std::vector<Plan>)) {
  std::vector<Plan> plans;
  for (const Condition& part : parts) plans.push_back(plan(part));
  return fold(std::move(plans));
}

Plan SegmentPlanner::plan_attribute(const AttributeCondition& condition) {
  const ValueRule& rule = condition.rule;
  Attribute attribute;
  if (!find_attribute(snapshot_, rule.name, attribute)) {
    mistakes_.add(rule.pointer + "/attribute",
                  no_such("attribute", rule.name, attribute_names(snapshot_)));
    return plan_nobody();
  }
  const RuleSubject subject{rule.name, attribute.type, attribute.is_time()};
  auto bound = bind_value_rule(rule, subject, moment_in(condition.timezone), mistakes_);
  if (!bound) return plan_nobody();
  Plan plan = plan_nobody();
  const auto customers = static_cast<double>(snapshot_.customers().count());
  switch (attribute.from) {
    case Attribute::From::Column:
      traits_.insert(rule.name);
      plan = make(AttributePlan{attribute.column, bound->test}, customers * 8);
      break;
    case Attribute::From::Id: plan = make(IdPlan{bound->test}, customers * 32); break;
    case Attribute::From::FirstSeen:
    case Attribute::From::LastSeen:
      plan = make(SeenPlan{attribute.from == Attribute::From::LastSeen, bound->test},
                  static_cast<double>(snapshot_.rows()) * kBytesPerRow);
      break;
    case Attribute::From::Nothing: break;
  }
  if (accepts_nothing(bound->test)) plan = plan_nobody();
  return negated_if(bound->negated, std::move(plan));
}

Plan SegmentPlanner::plan_event(const Condition& place, const EventCondition& condition) {
  EventPlan plan;
  bind_event_names(place, condition, plan.selection);
  bind_window(condition, plan.selection);
  bind_where(condition, plan);
  bind_measure(place, condition, plan);
  const double cost = cost_of(plan);
  return make(std::move(plan), cost);
}

void SegmentPlanner::bind_event_names(const Condition& place, const EventCondition& condition,
                                      EventSelection& selection) {
  for (std::size_t i = 0; i < condition.events.size(); ++i) {
    const std::string& name = condition.events[i];
    if (name.empty()) continue;  // Refused already.
    const EventNameId event = snapshot_.find_event(name);
    if (index(event) == Dictionary::kMissing) {
      const std::string in_list = condition.events_is_list ? '/' + std::to_string(i) : "";
      mistakes_.add(place.pointer + "/event" + in_list,
                    no_such("event", name, event_names(snapshot_)));
    } else if (std::find(selection.events.begin(), selection.events.end(), event) ==
               selection.events.end()) {
      selection.events.push_back(event);
    }
  }
}

void SegmentPlanner::bind_window(const EventCondition& condition, EventSelection& selection) {
  const WindowRule& window = condition.window;
  if (window.within) {
    const Moment moment = moment_in(condition.timezone);
    const TimeWindow stretch = resolve_within(*window.within, moment.as_of, moment.timezone);
    selection.from = stretch.from;
    selection.to = stretch.to;
  }
  if (window.from) selection.from = *window.from;
  if (window.to) selection.to = *window.to;
  selection.to = std::min(selection.to, moment_.as_of + 1);  // What comes later does not count.
}

void SegmentPlanner::bind_where(const EventCondition& condition, EventPlan& plan) {
  const Moment moment = moment_in(condition.timezone);
  for (const ValueRule& rule : condition.where) {
    const std::string pointer = rule.pointer + "/column";
    if (std::find(std::begin(kRowColumns), std::end(kRowColumns), rule.name) !=
        std::end(kRowColumns)) {
      mistakes_.add(pointer, "not supported yet by this version: a rule on " + rule.name);
      continue;
    }
    const bool is_target = rule.name == kTarget;
    ColumnId column{};
    const ColumnInfo* info = is_target ? nullptr : snapshot_.find_column(rule.name, column);
    if (!is_target && info == nullptr) {
      mistakes_.add(pointer, no_such("column", rule.name, column_names(snapshot_)));
      continue;
    }
    const RuleSubject subject{rule.name, is_target ? ValueType::String : info->type, false};
    auto bound = bind_value_rule(rule, subject, moment, mistakes_);
    if (!bound) continue;
    if (is_target) {
      plan.targets.push_back({std::move(bound->test), bound->negated});
    } else {
      plan.selection.where.push_back({column, std::move(bound->test), bound->negated});
    }
  }
}

void SegmentPlanner::bind_measure(const Condition& place, const EventCondition& condition,
                                  EventPlan& plan) {
  if (!condition.aggregate) {
    plan.measure = Range<std::int64_t>{1, std::numeric_limits<std::int64_t>::max()};
    return;
  }
  const Aggregate& aggregate = *condition.aggregate;
  if (aggregate.kind == Aggregate::Kind::Count) {
    plan.measure = whole_range(aggregate.bounds);
    return;
  }
  if (aggregate.of.empty()) return;  // Refused already.
  ColumnId column{};
  const ColumnInfo* info = snapshot_.find_column(aggregate.of, column);
  const std::string pointer = place.pointer + "/sum/of";
  if (info == nullptr) {
    mistakes_.add(pointer, no_such("column", aggregate.of, column_names(snapshot_)));
  } else if (info->type == ValueType::String || info->type == ValueType::Bool) {
    mistakes_.add(pointer, aggregate.of + " is not a number, and cannot be summed");
  }
  plan.measure = EventPlan::Sum{column, real_range(aggregate.bounds)};
}

double SegmentPlanner::cost_of(const EventPlan& plan) const {
  double rows = 0.0;
  for (const EventNameId event : plan.selection.events) {
    if (index(event) < snapshot_.event_counts().size()) {
      rows += static_cast<double>(snapshot_.event_counts()[index(event)]);
    }
  }
  const auto rules = static_cast<double>(plan.selection.where.size() + plan.targets.size());
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
  const auto condition = parse_definition(segment->definition, "/definition", inside);
  Plan plan = condition ? planner.plan(*condition) : plan_nobody();
  segments_ = std::move(planner.segments_);
  traits_.merge(planner.traits_);
  if (!inside.empty()) {
    mistakes_.add(pointer, "in segment " + name + ": " + std::string(inside.status().message()));
  }
  segments_[name] = plan;
  return plan;
}

}  // namespace grapevine
