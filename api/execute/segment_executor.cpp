#include "api/execute/segment_executor.hpp"

#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "api/error.hpp"
#include "api/execute/event_id_members.hpp"
#include "api/execute/graph_members.hpp"
#include "api/execute/select_rows.hpp"
#include "api/execute/stopwatch.hpp"
#include "api/parse/mistakes.hpp"
#include "api/plan/segment_document.hpp"
#include "api/plan/segment_planner.hpp"
#include "kernels/segment/combine.hpp"
#include "kernels/segment/scan.hpp"
#include "kernels/segment/sequence.hpp"
#include "kernels/segment/window.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

// Bytes of a value of an attribute, its bit of presence aside.
std::uint64_t bytes_of_value(ValueType type) {
  switch (type) {
    case ValueType::Null:
    case ValueType::Bool: return 1;
    case ValueType::Int64:
    case ValueType::Float64:
    case ValueType::DateTime: return 8;
    case ValueType::String: return 4;
  }
  return 1;
}

}  // namespace

SegmentExecutor::SegmentExecutor(const EvaluationSource& source, PlanReport* report)
    : source_(source),
      snapshot_(source.snapshot),
      report_(report),
      computed_({source.snapshot, source.as_of, source.graph, source.stop}) {
  if (snapshot_.customers().persons().absent > 0) people_ = people(snapshot_.customers());
}

void SegmentExecutor::expect(const Plan& plan) {
  if (uses_[plan.get()]++ > 0) return;
  for (const Plan& part : parts_of(*plan)) expect(part);
}

absl::StatusOr<CustomerSet> SegmentExecutor::evaluate(const Plan& plan) {
  if (!uses_.contains(plan.get())) expect(plan);
  return evaluate(plan, nullptr);
}

absl::StatusOr<CustomerSet> SegmentExecutor::evaluate_among(const CustomerSet& among,
                                                            const Plan& plan) {
  if (!uses_.contains(plan.get())) expect(plan);
  return evaluate(plan, &among);
}

absl::StatusOr<CustomerSet> SegmentExecutor::evaluate(const Plan& plan, const CustomerSet* among) {
  const bool is_shared = uses_[plan.get()] > 1;
  if (is_shared) {
    if (const auto known = shared_.find(plan.get()); known != shared_.end()) return known->second;
    among = nullptr;  // Others will ask about other people.
  }
  const Stopwatch watch;
  ReadCounts reads;
  GRAPEVINE_ASSIGN_OR_RETURN(CustomerSet set, compute(*plan, {among, &reads}));
  if (people_) intersect(set, *people_);
  if (report_ != nullptr) {
    CustomerSet found = set;
    if (among != nullptr) intersect(found, *among);
    (*report_)[plan.get()] = {reads.rows,          reads.bytes,   reads.parts,
                              reads.parts_skipped, found.count(), watch.elapsed_ms()};
  }
  if (is_shared) shared_.emplace(plan.get(), set);
  return set;
}

absl::StatusOr<CustomerSet> SegmentExecutor::compute(const PlanNode& node, const EventScan& scan) {
  const std::size_t customers = snapshot_.customers().count();
  return std::visit(
      [&](const auto& what) -> Found {
        using What = std::decay_t<decltype(what)>;
        if constexpr (std::is_same_v<What, EveryonePlan>) return CustomerSet::everyone(customers);
        if constexpr (std::is_same_v<What, NobodyPlan>) return CustomerSet(customers);
        if constexpr (std::is_same_v<What, AllPlan>) return all_of(what, scan.among);
        if constexpr (std::is_same_v<What, AnyPlan>) return any_of(what, scan.among);
        if constexpr (std::is_same_v<What, NotPlan>) {
          GRAPEVINE_ASSIGN_OR_RETURN(CustomerSet set, evaluate(what.part, scan.among));
          complement(set);
          return set;
        }
        if constexpr (std::is_same_v<What, AttributePlan>) return by_attribute(what, *scan.reads);
        if constexpr (std::is_same_v<What, ComputedAttributePlan>) return by_computed(what);
        if constexpr (std::is_same_v<What, SeenPlan>) {
          GRAPEVINE_ASSIGN_OR_RETURN(const SeenTimes* times, seen());
          return scan_times(what.last ? times->last : times->first, customers, what.test,
                            source_.stop);
        }
        if constexpr (std::is_same_v<What, IdPlan>) {
          return scan_ids(snapshot_.customers(), what.test, source_.stop);
        }
        if constexpr (std::is_same_v<What, EventPlan>) return by_event(what, scan);
        if constexpr (std::is_same_v<What, SequencePlan>) return by_sequence(what, scan);
        if constexpr (std::is_same_v<What, NearPlan>) {
          const NearCondition& circle = what.circle;
          return customers_near(snapshot_, source_.as_of,
                                {circle.latitude, circle.longitude, circle.radius_km}, scan.reads,
                                source_.stop);
        }
        if constexpr (std::is_same_v<What, BoxPlan>) {
          const BoxCondition& box = what.box;
          return customers_in_box(snapshot_, source_.as_of,
                                  {box.south, box.west, box.north, box.east}, scan.reads,
                                  source_.stop);
        }
        if constexpr (std::is_same_v<What, ScorePlan>) return by_score(what);
        if constexpr (std::is_same_v<What, ConnectedPlan>) return by_connection(what);
      },
      node.what);
}

// The cheapest first; the others are asked only about those who are left.
absl::StatusOr<CustomerSet> SegmentExecutor::all_of(const AllPlan& plan, const CustomerSet* among) {
  GRAPEVINE_ASSIGN_OR_RETURN(CustomerSet set, evaluate(plan.parts.front(), among));
  if (among != nullptr) intersect(set, *among);
  for (std::size_t i = 1; i < plan.parts.size() && !set.empty(); ++i) {
    GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet part, evaluate(plan.parts[i], &set));
    intersect(set, part);
  }
  return set;
}

absl::StatusOr<CustomerSet> SegmentExecutor::any_of(const AnyPlan& plan, const CustomerSet* among) {
  GRAPEVINE_ASSIGN_OR_RETURN(CustomerSet set, evaluate(plan.parts.front(), among));
  for (std::size_t i = 1; i < plan.parts.size(); ++i) {
    GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet part, evaluate(plan.parts[i], among));
    unite(set, part);
  }
  return set;
}

absl::StatusOr<CustomerSet> SegmentExecutor::by_attribute(const AttributePlan& plan,
                                                          ReadCounts& reads) {
  const std::size_t customers = snapshot_.customers().count();
  reads.rows += customers;
  reads.bytes += customers * bytes_of_value(plan.column->type) + customers / 8;
  return scan_attribute(*plan.column, customers, plan.test, source_.stop);
}

absl::StatusOr<EventSelection> SegmentExecutor::select(const SelectionPlan& plan) {
  return select_rows(plan, snapshot_, source_.stop);
}

absl::StatusOr<CustomerSet> SegmentExecutor::by_computed(const ComputedAttributePlan& plan) {
  GRAPEVINE_ASSIGN_OR_RETURN(const auto column, computed_.column(plan.computed));
  return scan_attribute(*column, snapshot_.customers().count(), plan.test, source_.stop);
}

absl::StatusOr<CustomerSet> SegmentExecutor::by_event(const EventPlan& plan,
                                                      const EventScan& scan) {
  GRAPEVINE_ASSIGN_OR_RETURN(const EventSelection rows, select(plan.events));
  if (plan.events.ids) {
    return customers_by_event_ids(snapshot_, plan, rows, source_.as_of, scan.reads, source_.stop);
  }
  return customers_by_measure(snapshot_, rows, {plan.choice, source_.as_of}, plan.measure, scan,
                              source_.stop);
}

absl::StatusOr<CustomerSet> SegmentExecutor::by_sequence(const SequencePlan& plan,
                                                         const EventScan& scan) {
  Sequence sequence{{}, plan.conversion_window, source_.as_of};
  for (const SequencePlan::Step& step : plan.steps) {
    GRAPEVINE_ASSIGN_OR_RETURN(EventSelection rows, select(step.events));
    sequence.steps.push_back({std::move(rows), step.negated});
  }
  return customers_by_sequence(snapshot_, sequence, scan, source_.stop);
}

absl::StatusOr<CustomerSet> SegmentExecutor::by_score(const ScorePlan& plan) {
  GRAPEVINE_ASSIGN_OR_RETURN(const auto score, computed_.score(plan.score));
  return members_by_score(*score, plan, snapshot_.customers().count());
}

absl::StatusOr<CustomerSet> SegmentExecutor::by_connection(const ConnectedPlan& plan) {
  GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet members, evaluate(plan.members, nullptr));
  GRAPEVINE_ASSIGN_OR_RETURN(const auto graph,
                             source_.graph.at(snapshot_, source_.as_of, source_.stop));
  return members_by_connection(*graph, plan, members, source_.stop);
}

absl::StatusOr<const SeenTimes*> SegmentExecutor::seen() {
  if (!seen_) {
    GRAPEVINE_ASSIGN_OR_RETURN(seen_, seen_times(snapshot_, source_.as_of, source_.stop));
  }
  return &*seen_;
}

absl::StatusOr<CustomerSet> evaluate_segment(const EvaluationSource& source, std::string_view name,
                                             std::string_view timezone) {
  if (!find_segment(source.snapshot, name)) {
    return problem(ErrorCode::NotFound, no_such_segment(source.snapshot, name));
  }
  Mistakes mistakes;
  SegmentPlanner planner(source.snapshot, {source.as_of, timezone}, mistakes);
  const Plan plan = planner.plan_segment(std::string(name), "");
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return SegmentExecutor(source).evaluate(plan);
}

}  // namespace grapevine
