#include "api/execute/spread_simulation.hpp"

#include <algorithm>
#include <iterator>

#include "api/execute/edge_probabilities.hpp"
#include "kernels/graph/vertex_mask.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

// Who is counted, among all customers and among the people of the graph; empty: everyone.
struct Audience {
  std::vector<std::uint64_t> customers;
  std::vector<std::uint64_t> people;

  // Of some customers those who are counted.
  [[nodiscard]] std::vector<CustomerId> keep(std::vector<CustomerId> of) const {
    std::erase_if(of, [&](CustomerId customer) {
      return !customers.empty() &&
             (customers[index(customer) / 64] >> (index(customer) % 64) & 1) == 0;
    });
    return of;
  }
};

absl::StatusOr<Audience> find_audience(const SimulateQuery& query, const GraphSource& source,
                                       const Context& context) {
  Audience audience;
  if (!query.audience) return audience;
  GRAPEVINE_ASSIGN_OR_RETURN(audience.customers, find_members(*query.audience, source, context));
  audience.people = mask_of_customers(source.graph->listening(), audience.customers);
  return audience;
}

// Seeds in no social event: nobody listens to them, so they reach themselves, in every run.
template <typename Spread>
void count_outside(std::size_t people, Spread& spread) {
  const auto more = static_cast<double>(people);
  for (double* counted : {&spread.mean, &spread.p05, &spread.p50, &spread.p95}) *counted += more;
}

void count_at_start(std::size_t people, SpreadEstimate& spread) {
  const auto more = static_cast<double>(people);
  count_outside(people, spread);
  if (spread.curve.empty()) spread.curve.emplace_back();
  CurveStep& start = spread.curve.front();
  for (double* counted : {&start.mean, &start.p05, &start.p95}) *counted += more;
}

absl::StatusOr<std::vector<Grouping>> find_groupings(const SimulateQuery& query,
                                                     const GroupedPeople& people,
                                                     const GraphSource& source,
                                                     const Context& context) {
  std::vector<Grouping> all;
  for (const GroupingRule& rule : query.by) {
    GRAPEVINE_ASSIGN_OR_RETURN(auto groupings, group_people(rule, people, source, context));
    std::move(groupings.begin(), groupings.end(), std::back_inserter(all));
  }
  return all;
}

absl::StatusOr<SimulatedSpread> spread_alone(const SimulateQuery& query, const NamedPeople& seeds,
                                             const Audience& audience, const GraphSource& source,
                                             const Context& context) {
  SimulatedSpread estimate;
  const std::vector<CustomerId> outside = audience.keep(seeds.outside);
  GRAPEVINE_ASSIGN_OR_RETURN(estimate.groupings,
                             find_groupings(query, {audience.people, outside}, source, context));
  GRAPEVINE_ASSIGN_OR_RETURN(const auto probabilities, edge_probabilities(query, source, context));
  SimulateOptions options;
  options.model = query.model;
  options.simulations = query.simulations;
  options.horizon = query.horizon;
  options.random_seed = query.random_seed;
  options.audience = audience.people;
  for (const Grouping& grouping : estimate.groupings) {
    options.groupings.push_back({grouping.of, grouping.labels.size()});
  }
  GRAPEVINE_ASSIGN_OR_RETURN(estimate.alone,
                             simulate(source.graph->listening(), probabilities->to_listeners,
                                      seeds.vertices, options, context.stop));
  if (!outside.empty()) count_at_start(outside.size(), *estimate.alone);
  return estimate;
}

absl::StatusOr<SimulatedSpread> spread_of_two(const SimulateQuery& query, const NamedPeople& seeds,
                                              const Audience& audience, const GraphSource& source,
                                              const Context& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(NamedPeople rivals, find_people(*query.rival_seeds, source, context));
  GRAPEVINE_ASSIGN_OR_RETURN(const auto probabilities, edge_probabilities(query, source, context));
  SimulateRivalsOptions options;
  options.simulations = query.simulations;
  options.horizon = query.horizon;
  options.tie = query.tie;
  options.random_seed = query.random_seed;
  options.audience = audience.people;
  GRAPEVINE_ASSIGN_OR_RETURN(
      RivalSpread spread, simulate_rivals(source.graph->listening(), probabilities->to_listeners,
                                          seeds.vertices, rivals.vertices, options, context.stop));
  // Nobody listens to those outside of the graph; whom both sides name, the own side keeps.
  std::erase_if(rivals.outside, [&](CustomerId customer) {
    return std::binary_search(seeds.outside.begin(), seeds.outside.end(), customer);
  });
  const std::size_t own = audience.keep(seeds.outside).size();
  const std::size_t rival = audience.keep(rivals.outside).size();
  count_outside(own, spread.own);
  count_outside(rival, spread.rival);
  count_outside(own, spread.lead);
  const auto less = -static_cast<double>(rival);
  for (double* counted :
       {&spread.lead.mean, &spread.lead.p05, &spread.lead.p50, &spread.lead.p95}) {
    *counted += less;
  }
  SimulatedSpread estimate;
  estimate.rivals = std::move(spread);
  return estimate;
}

}  // namespace

absl::StatusOr<SimulatedSpread> simulate_spread(const SimulateQuery& query,
                                                const GraphSource& source, const Context& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(const NamedPeople seeds, find_people(query.seeds, source, context));
  GRAPEVINE_ASSIGN_OR_RETURN(const Audience audience, find_audience(query, source, context));
  return (query.rival_seeds ? spread_of_two : spread_alone)(query, seeds, audience, source,
                                                            context);
}

}  // namespace grapevine
