#include "api/sql/tables/measured_rows.hpp"

#include "api/sql/execute/query_context.hpp"
#include "api/sql/plan/plan.hpp"
#include "kernels/segment/select_customers.hpp"

namespace grapevine::sql {

MeasuredRows measured_rows(std::string_view function, std::span<const BoundPtr> of) {
  MeasuredRows rows{function, of, nullptr};
  if (function.ends_with("If") && !of.empty()) {
    rows.function.remove_suffix(2);
    rows.condition = of.back();
    rows.of = of.first(of.size() - 1);
  }
  return rows;
}

std::optional<EventConditions> select_rows(const std::vector<BoundPtr>& conditions,
                                           std::span<const EventColumn> columns,
                                           const Snapshot& snapshot, const SessionFacts& facts) {
  std::vector<BoundPtr> each;
  for (const BoundPtr& condition : conditions) split_conditions(condition, each);
  EventConditions taken = take_conditions(each, columns, snapshot, facts);
  if (!taken.left.empty() || taken.customers) return std::nullopt;
  return taken;
}

std::optional<CustomerSet> people_among(const std::vector<EventConditions::Among>& sets,
                                        QueryContext& context) {
  if (sets.empty()) return std::nullopt;
  const std::size_t customers = context.snapshot->customers().count();
  CustomerSet people(customers);
  std::vector<std::uint8_t> is_in(customers, 1);
  for (const EventConditions::Among& among : sets) {
    const auto known = among.set->of_pool(context.pools.people());
    const std::uint8_t flip = among.negated ? 1 : 0;
    for (std::size_t i = 0; i < customers; ++i) {
      is_in[i] &= static_cast<std::uint8_t>((*known)[i] ^ flip);
    }
  }
  add_customers(
      0, customers, [&](std::size_t i) { return is_in[i] != 0; }, people);
  return people;
}

}  // namespace grapevine::sql
