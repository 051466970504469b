#include "api/sql/plan/by_customer.hpp"

#include <algorithm>
#include <optional>

namespace grapevine::sql {

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
  if (!customer) return false;
  const auto is_customer = [&](const BoundPtr& key) { return is_column(key, *customer); };
  return (std::any_of(plan.keys.begin(), plan.keys.end(), is_customer) && !plan.with_totals) ||
         !distinct_customers(plan, *customer).empty();
}

}  // namespace grapevine::sql
