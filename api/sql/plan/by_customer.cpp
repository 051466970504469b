#include "api/sql/plan/by_customer.hpp"

#include <algorithm>

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

std::vector<std::size_t> distinct_customers(const Plan& plan, std::size_t customer) {
  std::vector<std::size_t> calls;
  for (std::size_t i = 0; i < plan.aggregates.size(); ++i) {
    const PlannedAggregate& call = plan.aggregates[i];
    if (call.arguments.empty() || !is_column(call.arguments[0], customer)) continue;
    if (call.aggregate->make_states()->expect_codes({0, 64})) calls.push_back(i);
  }
  return calls;
}

bool aggregates_by_customer(const Plan& plan) {
  const std::optional<std::size_t> customer = customer_of(plan);
  // Customers who were counted stretch by stretch cannot be told apart in totals of groups.
  if (!customer || !plan.having.empty()) return false;
  const auto is_customer = [&](const BoundPtr& key) { return is_column(key, *customer); };
  return (std::any_of(plan.keys.begin(), plan.keys.end(), is_customer) && !plan.with_totals) ||
         !distinct_customers(plan, *customer).empty();
}

}  // namespace grapevine::sql
