#include "api/execute/segment_executor.hpp"

#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "api/error.hpp"
#include "api/parse/mistakes.hpp"
#include "api/plan/segment_document.hpp"
#include "api/plan/segment_planner.hpp"
#include "kernels/segment/combine.hpp"
#include "kernels/segment/scan.hpp"
#include "kernels/segment/window.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

absl::StatusOr<CustomerSet> SegmentExecutor::evaluate(const Plan& plan) {
  const bool is_shared = plan.use_count() > 1;
  if (is_shared) {
    if (const auto known = shared_.find(plan.get()); known != shared_.end()) return known->second;
  }
  GRAPEVINE_ASSIGN_OR_RETURN(CustomerSet set, compute(*plan));
  if (people_) intersect(set, *people_);
  if (is_shared) shared_.emplace(plan.get(), set);
  return set;
}

absl::StatusOr<CustomerSet> SegmentExecutor::compute(const PlanNode& node) {
  const std::size_t customers = snapshot_.customers().count();
  return std::visit(
      [&](const auto& what) -> absl::StatusOr<CustomerSet> {
        using What = std::decay_t<decltype(what)>;
        if constexpr (std::is_same_v<What, EveryonePlan>) return CustomerSet::everyone(customers);
        if constexpr (std::is_same_v<What, NobodyPlan>) return CustomerSet(customers);
        if constexpr (std::is_same_v<What, AllPlan>) return all_of(what);
        if constexpr (std::is_same_v<What, AnyPlan>) return any_of(what);
        if constexpr (std::is_same_v<What, NotPlan>) {
          GRAPEVINE_ASSIGN_OR_RETURN(CustomerSet set, evaluate(what.part));
          complement(set);
          return set;
        }
        if constexpr (std::is_same_v<What, AttributePlan>) {
          return scan_attribute(*what.column, customers, what.test, stop_);
        }
        if constexpr (std::is_same_v<What, SeenPlan>) {
          GRAPEVINE_ASSIGN_OR_RETURN(const SeenTimes* times, seen());
          return scan_times(what.last ? times->last : times->first, customers, what.test, stop_);
        }
        if constexpr (std::is_same_v<What, IdPlan>) {
          return scan_ids(snapshot_.customers(), what.test, stop_);
        }
        if constexpr (std::is_same_v<What, EventPlan>) return by_event(what);
        return absl::UnimplementedError("of the next commits");
      },
      node.what);
}

absl::StatusOr<CustomerSet> SegmentExecutor::all_of(const AllPlan& plan) {
  GRAPEVINE_ASSIGN_OR_RETURN(CustomerSet set, evaluate(plan.parts.front()));
  for (std::size_t i = 1; i < plan.parts.size() && !set.empty(); ++i) {
    GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet part, evaluate(plan.parts[i]));
    intersect(set, part);
  }
  return set;
}

absl::StatusOr<CustomerSet> SegmentExecutor::any_of(const AnyPlan& plan) {
  GRAPEVINE_ASSIGN_OR_RETURN(CustomerSet set, evaluate(plan.parts.front()));
  for (std::size_t i = 1; i < plan.parts.size(); ++i) {
    GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet part, evaluate(plan.parts[i]));
    unite(set, part);
  }
  return set;
}

absl::StatusOr<CustomerSet> SegmentExecutor::by_event(const EventPlan& plan) {
  EventSelection selection = plan.events.rows;
  for (const SelectionPlan::Target& target : plan.events.targets) {
    GRAPEVINE_ASSIGN_OR_RETURN(CustomerSet accepted,
                               scan_ids(snapshot_.customers(), target.test, stop_));
    selection.targets.push_back({std::move(accepted), target.negated});
  }
  if (plan.measure.kind == Measure::Kind::Sum) {
    return customers_by_sum(snapshot_, selection, plan.measure.of, plan.measure.bounds.real, stop_);
  }
  return customers_by_count(snapshot_, selection, plan.measure.bounds.whole, stop_);
}

absl::StatusOr<const SeenTimes*> SegmentExecutor::seen() {
  if (!seen_) {
    GRAPEVINE_ASSIGN_OR_RETURN(seen_, seen_times(snapshot_, as_of_, stop_));
  }
  return &*seen_;
}

absl::StatusOr<CustomerSet> evaluate_segment(const Snapshot& snapshot, std::string_view name,
                                             const Moment& moment, const Stop& stop) {
  if (!find_segment(snapshot, name)) {
    return problem(ErrorCode::NotFound, no_such_segment(snapshot, name));
  }
  Mistakes mistakes;
  SegmentPlanner planner(snapshot, moment, mistakes);
  const Plan plan = planner.plan_segment(std::string(name), "");
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return SegmentExecutor(snapshot, moment.as_of, stop).evaluate(plan);
}

}  // namespace grapevine
