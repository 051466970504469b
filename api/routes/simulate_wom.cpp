#include <algorithm>

#include "api/encode/propagation_result.hpp"
#include "api/execute/stopwatch.hpp"
#include "api/parse/propagation_query.hpp"
#include "api/plan/people.hpp"
#include "api/routes/propagation.hpp"
#include "kernels/graph/vertex_mask.hpp"
#include "kernels/propagation/simulate.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

absl::StatusOr<NamedPeople> find_seeds(const SimulateQuery& query, const GraphSource& source,
                                       const Context& context) {
  if (const auto* ids = std::get_if<CustomerIds>(&query.seeds)) {
    return find_people(*ids, "/seeds", source);
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<std::uint64_t> members,
                             find_members(std::get<SegmentName>(query.seeds), source, context));
  return people_of(members, source);
}

// Seeds in no social event: nobody listens to them, so they reach themselves, in every run.
void count_outside(std::size_t people, SpreadEstimate& spread) {
  const auto more = static_cast<double>(people);
  for (double* counted : {&spread.mean, &spread.p05, &spread.p50, &spread.p95}) *counted += more;
  if (spread.curve.empty()) spread.curve.emplace_back();
  CurveStep& start = spread.curve.front();
  for (double* counted : {&start.mean, &start.p05, &start.p95}) *counted += more;
}

}  // namespace

absl::StatusOr<Response> simulate_wom(const Request& request, const Context& context) {
  const Stopwatch watch;
  GRAPEVINE_ASSIGN_OR_RETURN(const SimulateQuery query, parse_simulate_query(request.body));
  GRAPEVINE_ASSIGN_OR_RETURN(const GraphSource source, open_graph(query.moment, context));
  GRAPEVINE_ASSIGN_OR_RETURN(const NamedPeople seeds, find_seeds(query, source, context));
  GRAPEVINE_ASSIGN_OR_RETURN(const auto probabilities,
                             source.graph->probabilities(query.probability));

  const ListenGraph& graph = source.graph->listening();
  SimulateOptions options;
  options.simulations = query.simulations;
  options.horizon = query.horizon;
  options.random_seed = query.random_seed;
  std::vector<std::uint64_t> audience;
  std::size_t outside = seeds.outside.size();
  if (query.audience) {
    GRAPEVINE_ASSIGN_OR_RETURN(const auto members, find_members(*query.audience, source, context));
    audience = mask_of_customers(graph, members);
    options.audience = audience;
    outside = static_cast<std::size_t>(
        std::count_if(seeds.outside.begin(), seeds.outside.end(), [&](CustomerId customer) {
          return (members[index(customer) / 64] >> (index(customer) % 64) & 1) != 0;
        }));
  }
  GRAPEVINE_ASSIGN_OR_RETURN(
      SpreadEstimate spread,
      simulate(graph, probabilities->to_listeners, seeds.vertices, options, context.stop));
  if (outside > 0) count_outside(outside, spread);

  Response response;
  response.body =
      encode_spread(spread, query.simulations, {source, query.random_seed, watch.elapsed_ms()});
  return response;
}

}  // namespace grapevine
