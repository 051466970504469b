#include "api/execute/person_conditions.hpp"

#include <memory>
#include <variant>

#include "api/encode/attribute_value.hpp"
#include "api/execute/customer_events.hpp"
#include "api/live/segments/needs.hpp"
#include "api/live/segments/person_test.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

PersonConditions::PersonConditions(CustomerId person, const EvaluationSource& source,
                                   ResultCache& kept)
    : person_(person),
      source_(source),
      view_(source.snapshot),
      alone_(source.snapshot.customers().count()),
      executor_(source),
      computed_({source.snapshot, source.as_of, source.graph, source.stop}, &kept) {
  alone_.add(person);
  const CustomerCounts counts = count_events(source.snapshot, person, source.as_of);
  view_.look_at(person, {counts.first_seen.value_or(kNever), counts.last_seen.value_or(kNever)});
}

absl::StatusOr<bool> PersonConditions::holds(const Plan& plan) {
  if (const auto known = known_.find(plan); known != known_.end()) return known->second;
  if (source_.stop.requested()) return absl::CancelledError("stopped while looking at a person");
  GRAPEVINE_ASSIGN_OR_RETURN(const bool found, find_out(plan));
  known_.emplace(plan, found);
  return found;
}

absl::StatusOr<bool> PersonConditions::find_out(const Plan& plan) {
  if (std::holds_alternative<EveryonePlan>(plan->what)) return true;
  if (std::holds_alternative<NobodyPlan>(plan->what)) return false;
  if (const auto* any = std::get_if<AnyPlan>(&plan->what)) return any_of(any->parts, true);
  if (const auto* all = std::get_if<AllPlan>(&plan->what)) {
    GRAPEVINE_ASSIGN_OR_RETURN(const bool lacks_one, any_of(all->parts, false));
    return !lacks_one;
  }
  if (const auto* negation = std::get_if<NotPlan>(&plan->what)) {
    GRAPEVINE_ASSIGN_OR_RETURN(const bool inside, holds(negation->part));
    return !inside;
  }
  return ask(plan);
}

// Whether one of several parts has the answer that is wanted; those after it are not asked.
absl::StatusOr<bool> PersonConditions::any_of(const std::vector<Plan>& parts, bool wanted) {
  for (const Plan& part : parts) {
    GRAPEVINE_ASSIGN_OR_RETURN(const bool found, holds(part));
    if (found == wanted) return true;
  }
  return false;
}

absl::StatusOr<bool> PersonConditions::ask(const Plan& condition) {
  if (const auto* computed = std::get_if<ComputedAttributePlan>(&condition->what)) {
    GRAPEVINE_ASSIGN_OR_RETURN(const auto column, computed_.column(computed->computed));
    return is_satisfied(computed->test, value_of(*column, person_));
  }
  if (needs_of(*condition).by_person) {
    const std::unique_ptr<PersonTest> test = person_test(condition);
    test->move_to(source_.snapshot, source_.as_of);
    return test->holds(view_);
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet members,
                             executor_.evaluate_among(alone_, condition));
  return members.has(person_);
}

}  // namespace grapevine
