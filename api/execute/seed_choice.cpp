#include "api/execute/seed_choice.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "api/error.hpp"
#include "api/execute/candidate_masks.hpp"
#include "api/execute/edge_probabilities.hpp"
#include "api/execute/people_numbers.hpp"
#include "kernels/graph/vertex_mask.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

// What it costs to tell each person. Who has no cost above 0 is no candidate.
absl::StatusOr<std::vector<double>> find_costs(const SeedsQuery& query, const GraphSource& source,
                                               const Context& context, PeopleMask& candidates) {
  const std::size_t people = source.graph->listening().vertices();
  GRAPEVINE_ASSIGN_OR_RETURN(std::vector<double> costs,
                             people_numbers(*query.cost, source, context));
  PeopleMask without(mask_words(people));
  for (std::size_t v = 0; v < people; ++v) {
    if (costs[v] > 0.0 && std::isfinite(costs[v])) continue;
    without[v / 64] |= std::uint64_t{1} << (v % 64);
    costs[v] = 1.0;
  }
  if (!is_nobody(without)) take_out(without, people, candidates);
  if (candidates.empty() || !is_nobody(candidates)) return costs;
  const std::string detail = "nobody who may be a seed has a cost above 0";
  return problem(ErrorCode::Unprocessable, detail, {{query.cost->pointer, detail}});
}

// A kernel's refusal, in words of the request.
absl::Status explain(const absl::Status& failed) {
  if (failed.code() != absl::StatusCode::kResourceExhausted) return failed;
  const std::string detail =
      "so close a certificate needs more memory than one answer may take: choose a larger epsilon "
      "or delta";
  return problem(ErrorCode::Unprocessable, detail, {{"/epsilon", detail}});
}

}  // namespace

absl::StatusOr<SeedChoice> find_seeds(const SeedsQuery& query, const GraphSource& source,
                                      const Context& context) {
  const ListenGraph& graph = source.graph->listening();
  if (graph.vertices() == 0) {
    return problem(ErrorCode::Unprocessable, "no social event counts: there is nobody to tell");
  }
  GRAPEVINE_ASSIGN_OR_RETURN(PeopleMask candidates,
                             mask_of_candidates(query.candidates, query.exclude, source, context));
  PeopleMask audience;
  if (query.audience) {
    GRAPEVINE_ASSIGN_OR_RETURN(audience, mask_of_segment(*query.audience, source, context));
  }
  std::vector<double> costs;
  if (query.budget) {
    GRAPEVINE_ASSIGN_OR_RETURN(costs, find_costs(query, source, context, candidates));
  }
  std::vector<double> values;
  if (query.value) {
    GRAPEVINE_ASSIGN_OR_RETURN(values, people_values(*query.value, source, context));
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const auto probabilities, edge_probabilities(query, source, context));

  ChooseSeedsOptions options;
  options.k = query.k;
  options.model = query.model;
  options.costs = costs;
  options.budget = query.budget.value_or(0.0);
  options.values = values;
  options.epsilon = query.epsilon;
  options.delta = query.delta;
  options.candidates = candidates;
  options.audience = audience;
  options.random_seed = query.random_seed;
  auto choice = choose_seeds(graph, probabilities->from_influencers, options, context.stop);
  if (!choice.ok()) return explain(choice.status());
  return choice;
}

}  // namespace grapevine
