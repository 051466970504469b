#include <algorithm>

#include "api/sql/plan/plan.hpp"
#include "kernels/query/aggregates/funnel_shape.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {

std::optional<std::size_t> customer_of(const Plan& plan) {
  if (plan.kind != Plan::Kind::Aggregate || plan.inputs[0]->kind != Plan::Kind::Scan) return {};
  const Plan& scan = *plan.inputs[0];
  const std::optional<std::size_t> customer = scan.table->customer_column();
  if (!customer) return {};
  const auto at = std::find(scan.scanned.begin(), scan.scanned.end(), *customer);
  if (at == scan.scanned.end()) return {};
  return static_cast<std::size_t>(at - scan.scanned.begin());
}

bool is_column(const BoundPtr& expression, std::size_t column) {
  return expression->kind == Bound::Kind::Column && expression->column == column;
}

absl::StatusOr<WithoutGroups> without_groups(const Plan& plan, QueryContext& context) {
  const std::optional<std::size_t> customer = customer_of(plan);
  if (!customer || plan.keys.size() != 1 || plan.with_totals) return WithoutGroups();
  std::vector<CustomerMeasure> measures;
  for (const PlannedAggregate& call : plan.aggregates) {
    if (call.function.empty() && !funnel_shape_of(*call.aggregate)) return WithoutGroups();
    measures.push_back(
        {call.aggregate.get(), call.function, call.arguments, call.aggregate->type()});
  }
  const Plan& input = *plan.inputs[0];
  const ScanRequest request{input.scanned, input.conditions, input.shown};
  if (is_column(plan.keys[0], *customer)) {
    GRAPEVINE_ASSIGN_OR_RETURN(auto source,
                               input.table->measure_customers(request, measures, context));
    return WithoutGroups{std::move(source), "measured at each customer"};
  }
  GRAPEVINE_ASSIGN_OR_RETURN(auto source,
                             input.table->count_people(request, plan.keys[0], measures, context));
  return WithoutGroups{std::move(source), "people counted by time"};
}

absl::StatusOr<NumberedScan> numbered_input(const Plan& plan, QueryContext& context) {
  if (plan.kind != Plan::Kind::Aggregate || plan.with_totals || plan.keys.empty() ||
      plan.inputs[0]->kind != Plan::Kind::Scan) {
    return NumberedScan();
  }
  std::vector<BoundPtr> read;
  for (const PlannedAggregate& call : plan.aggregates) {
    read.insert(read.end(), call.arguments.begin(), call.arguments.end());
  }
  const Plan& input = *plan.inputs[0];
  return input.table->scan_numbered({input.scanned, input.conditions, input.shown}, plan.keys, read,
                                    context);
}

}  // namespace grapevine::sql
