#include "api/plan/computed_planner.hpp"

#include <algorithm>
#include <utility>

#include "api/encode/hashed_identifier.hpp"
#include "api/encode/json_writer.hpp"
#include "api/parse/nearest_name.hpp"
#include "api/parse/parse_definition.hpp"
#include "api/plan/attribute_catalog.hpp"
#include "api/plan/computed_document.hpp"
#include "api/plan/influence_model.hpp"
#include "api/plan/row_rules.hpp"
#include "api/plan/segment_planner.hpp"

namespace grapevine {
namespace {

constexpr std::string_view kTarget = "target_id";
constexpr std::string_view kTime = "ts";
constexpr double kBytesPerValue = 8.0;

ComputedPlan make(std::string said, decltype(ComputedNode::what) what, ValueType type,
                  double cost) {
  return std::make_shared<const ComputedNode>(
      ComputedNode{std::move(what), type, std::move(said), cost});
}

std::string_view name_of(Arithmetic operation) {
  switch (operation) {
    case Arithmetic::Add: break;
    case Arithmetic::Subtract: return "subtract";
    case Arithmetic::Divide: return "divide";
  }
  return "add";
}

// What is said of attributes that are computed from each other can be longer than anyone can hold:
// then by its hash it is told from others.
std::string shortened(std::string said) {
  constexpr std::size_t kLongest = 4096;
  if (said.size() <= kLongest) return said;
  return R"({"sha256":")" + sha256_hex(said) + "\"}";
}

ValueType type_of(const Measure& measure, const Snapshot& snapshot) {
  switch (measure.kind) {
    using enum Measure::Kind;
    case Count:
    case Distinct: return ValueType::Int64;
    case Min:
    case Max:
      return snapshot.columns()[index(measure.of)].type == ValueType::Int64 ? ValueType::Int64
                                                                            : ValueType::Float64;
    default: return ValueType::Float64;
  }
}

}  // namespace

ComputedPlanner::ComputedPlanner(const Snapshot& snapshot, Moment moment, Mistakes& mistakes,
                                 std::string_view defining)
    : snapshot_(snapshot), moment_(moment), mistakes_(mistakes) {
  if (!defining.empty()) path_.emplace_back(defining);
}

ComputedPlan ComputedPlanner::plan(const ComputedDefinition& definition) {
  const std::size_t before = mistakes_.count();
  ComputedPlan plan = plan_what(definition);
  return mistakes_.count() == before ? plan : nullptr;
}

ComputedPlan ComputedPlanner::plan_what(const ComputedDefinition& definition) {
  return std::visit(
      [&](const auto& what) -> ComputedPlan {
        using What = std::decay_t<decltype(what)>;
        if constexpr (std::is_same_v<What, MeasuredEvents>) return plan_measured(definition, what);
        if constexpr (std::is_same_v<What, LatestEvent>) return plan_latest(definition, what);
        if constexpr (std::is_same_v<What, CombinedAttributes>) {
          return plan_combined(what);
        }
        if constexpr (std::is_same_v<What, AttributeGroups>) return plan_groups(what);
      },
      definition.what);
}

// Events are those of a definition of segments, so its planner binds them.
Plan ComputedPlanner::plan_events(const std::string& pointer, const EventCondition& condition) {
  EventCondition events = condition;
  for (const ValueRule& rule : take_customer_rules(events.events)) {
    mistakes_.add(rule.pointer + "/column",
                  "an attribute is computed of each customer: it takes no rule on customer_id");
  }
  for (const ValueRule& rule : events.events.where) {
    if (rule.name != "event_id") continue;
    mistakes_.add(rule.pointer + "/column", "a computed attribute takes no rule on event_id");
  }
  return SegmentPlanner(snapshot_, moment_, mistakes_).plan(Condition{pointer, std::move(events)});
}

ComputedPlan ComputedPlanner::plan_measured(const ComputedDefinition& definition,
                                            const MeasuredEvents& measured) {
  const Plan events = plan_events(definition.pointer, measured.events);
  const auto* plan = std::get_if<EventPlan>(&events->what);
  if (plan == nullptr || !measured.events.aggregate) return nullptr;
  if (measured.events.aggregate->kind != Aggregate::Kind::Count && !plan->measure.of_target &&
      index(plan->measure.of) >= snapshot_.columns().size()) {
    return nullptr;  // Not found, as was noted.
  }
  return make(definition.said, MeasuredPlan{events}, type_of(plan->measure, snapshot_),
              events->cost);
}

ComputedPlan ComputedPlanner::plan_latest(const ComputedDefinition& definition,
                                          const LatestEvent& latest) {
  const std::string pointer = definition.pointer + "/latest";
  if (latest.events.events.names.empty()) return nullptr;  // Refused already.
  const Plan events = plan_events(pointer, latest.events);
  LatestPlan plan{events, {}};
  ValueType type = ValueType::String;
  if (latest.of == kTime) {
    plan.value.of = EventValue::Of::Time;
    type = ValueType::DateTime;
  } else if (latest.of == kTarget) {
    plan.value.of = EventValue::Of::Target;
  } else if (!latest.of.empty()) {
    const ColumnInfo* info = snapshot_.find_column(latest.of, plan.value.column);
    if (info == nullptr) {
      mistakes_.add(pointer + "/of", no_such_column(latest.of, snapshot_, {kTarget, kTime}));
      return nullptr;
    }
    type = info->type;
  }
  return make(definition.said, std::move(plan), type, events->cost);
}

ComputedPlan ComputedPlanner::plan_combined(const CombinedAttributes& combined) {
  CombinedPlan plan{combined.operation, {}};
  double cost = 0.0;
  bool is_right = true;
  for (const ComputedOperand& operand : combined.operands) {
    const ComputedPlan part = plan_operand(operand);
    is_right = is_right && part != nullptr;
    if (part == nullptr) continue;
    const bool is_time = std::holds_alternative<SeenTimePlan>(part->what);
    if (is_time || (!is_number(part->type) && part->type != ValueType::Null)) {
      mistakes_.add(operand.pointer, "is not a number, and cannot be computed with");
    }
    cost += part->cost;
    plan.operands.push_back(part);
  }
  if (!is_right) return nullptr;
  std::string said = "{\"" + std::string(name_of(combined.operation)) + "\":[";
  for (std::size_t i = 0; i < plan.operands.size(); ++i) {
    said += (i == 0 ? "" : ",") + plan.operands[i]->said;
  }
  return make(shortened(said + "]}"), std::move(plan), ValueType::Float64, cost);
}

ComputedPlan ComputedPlanner::plan_groups(const AttributeGroups& groups) {
  if (groups.of.empty()) return nullptr;  // Refused already.
  const ComputedPlan of = plan_operand(groups.of.front());
  if (of == nullptr) return nullptr;
  const bool has_order = is_number(of->type) || of->type == ValueType::DateTime;
  if (!has_order && of->type != ValueType::Null) {
    mistakes_.add(groups.of.front().pointer, "is neither number nor time, and has no quantiles");
  }
  const std::string said =
      "{\"quantile_of\":" + of->said + ",\"groups\":" + std::to_string(groups.groups) + "}";
  return make(shortened(said), GroupsPlan{of, groups.groups}, ValueType::Int64, of->cost);
}

ComputedPlan ComputedPlanner::plan_operand(const ComputedOperand& operand) {
  if (!operand.computed.empty()) return plan(operand.computed.front());
  return plan_named(operand.name, operand.pointer);
}

ComputedPlan ComputedPlanner::plan_named(const std::string& name, const std::string& pointer) {
  if (const ScoreName* score = find_score_attribute(name)) return plan_score(*score, pointer);
  if (has_computed(snapshot_, name) || std::find(path_.begin(), path_.end(), name) != path_.end()) {
    return plan_stored(name, pointer);
  }
  Attribute attribute;
  if (!find_attribute(snapshot_, name, attribute)) {
    mistakes_.add(pointer, no_such("attribute", name, attribute_names(snapshot_)));
    return nullptr;
  }
  ComputedNode node;
  node.type = attribute.type;
  JsonWriter said;
  said.value(name);
  node.said = std::move(said).take();
  if (attribute.is_time()) {
    node.what = SeenTimePlan{attribute.from == Attribute::From::LastSeen};
    node.cost = static_cast<double>(snapshot_.rows()) * kBytesPerValue;
  } else {
    node.what = TraitPlan{name};
    node.cost = static_cast<double>(snapshot_.customers().count()) * kBytesPerValue;
    traits_.insert(name);
  }
  return std::make_shared<const ComputedNode>(std::move(node));
}

bool ComputedPlanner::is_in_circle(const std::string& name, const std::string& pointer) {
  const auto in_circle = std::find(path_.begin(), path_.end(), name);
  if (in_circle == path_.end()) return false;
  std::string circle;
  for (auto at = in_circle; at != path_.end(); ++at) circle += *at + " -> ";
  mistakes_.add(pointer, "attributes are computed from each other in a circle: " + circle + name);
  return true;
}

ComputedPlan ComputedPlanner::plan_score(const ScoreName& score, const std::string& pointer) {
  const std::string name = std::string(kScorePrefix) + std::string(score.name);
  const bool asks_value = score.from == ScoreName::From::Value;
  if (asks_value && is_in_circle(std::string(kModelValue), pointer)) return nullptr;
  ScoreColumnPlan plan{std::string(score.name)};
  std::string said = '"' + name + '"';
  double cost = static_cast<double>(snapshot_.customers().count()) * kBytesPerValue;
  if (asks_value) {
    Mistakes inside;
    ComputedPlanner planner(snapshot_, moment_, inside);
    planner.path_ = path_;
    planner.path_.emplace_back(kModelValue);
    plan.value = planner.plan_value(influence_model(snapshot_).value);
    traits_.merge(planner.traits_);
    if (plan.value == nullptr) {
      mistakes_.add(pointer, "in the value of /v1/influence/model: " +
                                 std::string(inside.status().message()));
      return nullptr;
    }
    said = "{\"score\":" + said + ",\"value\":" + plan.value->said + '}';
    cost += plan.value->cost;
  }
  return make(shortened(std::move(said)), std::move(plan), score.type, cost);
}

ComputedPlan ComputedPlanner::plan_value(const ComputedOperand& value) {
  const ComputedPlan plan = plan_operand(value);
  if (plan == nullptr) return nullptr;
  if (is_number(plan->type) || plan->type == ValueType::Null) return plan;
  mistakes_.add(value.pointer, "is not a number");
  return nullptr;
}

ComputedPlan ComputedPlanner::plan_stored(const std::string& name, const std::string& pointer) {
  if (is_in_circle(name, pointer)) return nullptr;
  if (path_.size() > static_cast<std::size_t>(kNestingMax)) {
    mistakes_.add(pointer, "attributes nested deeper than " + std::to_string(kNestingMax));
    return nullptr;
  }
  if (!stored_.contains(name)) {
    Stored planned = plan_document(name);
    stored_[name] = std::move(planned);
  }
  const Stored& stored = stored_[name];
  if (!stored.problem.empty()) {
    mistakes_.add(pointer, "in attribute " + name + ": " + stored.problem);
  }
  return stored.plan;
}

// A mistake inside it is not the caller's, and has no place in the caller's request.
ComputedPlanner::Stored ComputedPlanner::plan_document(const std::string& name) {
  Mistakes inside;
  ComputedPlanner planner(snapshot_, moment_, inside);
  planner.path_ = path_;
  planner.path_.push_back(name);
  planner.stored_ = std::move(stored_);
  const auto document = find_computed(snapshot_, name);
  const auto definition =
      document ? parse_computed_definition(document->definition, "/definition", inside)
               : std::nullopt;
  ComputedPlan plan = definition ? planner.plan(*definition) : nullptr;
  stored_ = std::move(planner.stored_);
  traits_.merge(planner.traits_);
  if (!inside.empty()) return {nullptr, std::string(inside.status().message())};
  return {plan, {}};
}

}  // namespace grapevine
