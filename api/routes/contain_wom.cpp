#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "api/encode/propagation_result.hpp"
#include "api/error.hpp"
#include "api/execute/candidate_masks.hpp"
#include "api/execute/edge_probabilities.hpp"
#include "api/execute/people_numbers.hpp"
#include "api/execute/restricted.hpp"
#include "api/execute/stopwatch.hpp"
#include "api/parse/propagation_query.hpp"
#include "api/plan/people.hpp"
#include "api/routes/propagation.hpp"
#include "kernels/graph/vertex_mask.hpp"
#include "kernels/propagation/contain.hpp"
#include "kernels/propagation/reach_risk.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

// Those who are most likely to be reached next, the likeliest first; nobody whose processing is
// restricted.
absl::StatusOr<std::vector<PersonAtRisk>> find_at_risk(const ContainQuery& query,
                                                       const NamedPeople& spreading,
                                                       const std::vector<float>& passing,
                                                       const GraphSource& source,
                                                       const Context& context) {
  std::vector<PersonAtRisk> people;
  if (query.at_risk == 0) return people;
  const ListenGraph& graph = source.graph->listening();
  ReachRiskOptions options;
  options.simulations = query.simulations;
  options.horizon = query.horizon;
  options.model = query.model;
  options.random_seed = query.random_seed;
  GRAPEVINE_ASSIGN_OR_RETURN(const ReachRisk risk,
                             reach_risk(graph, passing, spreading.vertices, options, context.stop));
  GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet restricted,
                             restricted_customers(*source.snapshot, context.stop));
  std::vector<Vertex> order;
  for (Vertex v = 0; v < graph.vertices(); ++v) {
    const bool is_hidden = !restricted.empty() && restricted.has(graph.people[v]);
    if (risk.reached[v] > 0 && !is_hidden) order.push_back(v);
  }
  const std::size_t shown = std::min(query.at_risk, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(),
                    [&](Vertex a, Vertex b) {
                      if (risk.reached[a] != risk.reached[b]) {
                        return risk.reached[a] > risk.reached[b];
                      }
                      return source.graph->external_id(a) < source.graph->external_id(b);
                    });
  order.resize(shown);
  for (const Vertex v : order) {
    people.push_back({v, risk.probability(v), risk.standard_error(v)});
  }
  return people;
}

// Those who spread it in no social event: nobody listens to them.
void count_outside(std::size_t people, Containment& containment) {
  containment.spread_without.mean += static_cast<double>(people);
  containment.spread_with.mean += static_cast<double>(people);
}

}  // namespace

absl::StatusOr<Response> contain_wom(const Request& request, const Context& context) {
  const Stopwatch watch;
  GRAPEVINE_ASSIGN_OR_RETURN(const ContainQuery query, parse_contain_query(request.body));
  GRAPEVINE_ASSIGN_OR_RETURN(const GraphSource source, open_graph(query.moment, context));
  const ListenGraph& graph = source.graph->listening();
  GRAPEVINE_ASSIGN_OR_RETURN(const NamedPeople spreading,
                             find_people(query.spreading, source, context));
  GRAPEVINE_ASSIGN_OR_RETURN(const PeopleMask candidates,
                             mask_of_candidates(query.candidates, query.exclude, source, context));
  std::vector<double> values;
  if (query.value) {
    GRAPEVINE_ASSIGN_OR_RETURN(values, people_values(*query.value, source, context));
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const auto probabilities, edge_probabilities(query, source, context));
  ContainOptions options;
  options.k = query.k;
  options.model = query.model;
  options.candidates = candidates;
  options.values = values;
  options.samples = std::max<std::size_t>(query.simulations / 4, 1);
  options.evaluations = query.simulations;
  options.random_seed = query.random_seed;
  GRAPEVINE_ASSIGN_OR_RETURN(
      Containment containment,
      contain(graph, probabilities->to_listeners, spreading.vertices, options, context.stop));
  if (!query.value) count_outside(spreading.outside.size(), containment);
  GRAPEVINE_ASSIGN_OR_RETURN(
      const std::vector<PersonAtRisk> at_risk,
      find_at_risk(query, spreading, probabilities->to_listeners, source, context));
  Response response;
  response.body =
      encode_containment(containment, at_risk, {source, query.random_seed, watch.elapsed_ms()});
  return response;
}

}  // namespace grapevine
