#include "api/sql/plan/by_customer.hpp"
#include "api/sql/plan/plan.hpp"
#include "api/sql/tables/value_condition.hpp"
#include "kernels/query/aggregates/funnel_shape.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {

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

CustomerChoice having_as_segment(const Plan& plan, QueryContext& context) {
  if (plan.kind != Plan::Kind::Filter || !plan.first_only) return {};
  const Plan& groups = *plan.inputs[0];
  const std::optional<std::size_t> customer = customer_of(groups);
  if (!customer || groups.with_totals || groups.keys.size() != 1 ||
      !is_column(groups.keys[0], *customer)) {
    return {};
  }
  std::vector<CustomerTest> tests;
  for (const BoundPtr& condition : plan.conditions) {
    const auto compared = column_comparison(*condition);
    if (!compared || compared->column->column == 0) return {};
    const PlannedAggregate& call = groups.aggregates[compared->column->column - 1];
    tests.push_back({call.function, call.arguments, compared->compare, compared->value});
  }
  const Plan& scan = *groups.inputs[0];
  return scan.table->choose_customers({scan.scanned, scan.conditions, scan.shown}, tests, context);
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
