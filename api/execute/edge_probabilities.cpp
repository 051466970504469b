#include "api/execute/edge_probabilities.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "api/error.hpp"
#include "api/plan/influence_model.hpp"
#include "kernels/graph/common_edges.hpp"
#include "kernels/graph/social_ties.hpp"
#include "kernels/influence/content_actions.hpp"
#include "kernels/influence/learned_probabilities.hpp"
#include "storage/schema.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

using Probabilities = std::shared_ptr<const PassProbabilities>;

// Which edges of the question's graph come from events on some channels, or on all but them.
absl::StatusOr<std::vector<bool>> edges_on(const std::vector<std::string>& channels, bool others,
                                           const PropagationQuery& query, const GraphSource& source,
                                           const Context& context) {
  ColumnRule rule{column_id(CoreColumn::Channel), {}, others};
  rule.test.texts = channels;
  GRAPEVINE_ASSIGN_OR_RETURN(TieRestriction restriction,
                             bind_restriction(query.moment.restriction, source, context));
  restriction.where.push_back(std::move(rule));
  const InfluenceModel model = influence_model(*source.snapshot);
  const SocialTieRules rules{model.verbs, restriction.where, restriction.from, restriction.to,
                             restriction.among};
  GRAPEVINE_ASSIGN_OR_RETURN(const SocialTies ties, social_ties(*source.snapshot, rules,
                                                                source.moment.as_of, context.stop));
  return edges_of_ties(source.graph->listening(), ties.chunks);
}

absl::StatusOr<PassProbabilities> by_channel(const PropagationQuery& query,
                                             const GraphSource& source, const Context& context) {
  const ListenGraph& graph = source.graph->listening();
  std::vector<float> fails(graph.edges(), 1.0F);  // Parallel to listeners.
  const auto take = [&](const std::vector<bool>& edges, double p) {
    for (std::size_t e = 0; e < fails.size(); ++e) {
      if (edges[e]) fails[e] *= static_cast<float>(1.0 - p);
    }
  };
  std::vector<std::string> named;
  for (const auto& [channel, p] : query.probability.by_channel) {
    GRAPEVINE_ASSIGN_OR_RETURN(const auto edges,
                               edges_on({channel}, false, query, source, context));
    take(edges, p);
    named.push_back(channel);
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const auto edges, edges_on(named, true, query, source, context));
  take(edges, query.probability.p);
  for (float& edge : fails) edge = 1.0F - edge;
  return both_directions(graph, std::move(fails));
}

absl::StatusOr<PassProbabilities> learned(const PropagationQuery& query, const GraphSource& source,
                                          const Context& context) {
  const ListenGraph& graph = source.graph->listening();
  GRAPEVINE_ASSIGN_OR_RETURN(
      const auto actions,
      content_actions(*source.snapshot, graph, source.moment.as_of, context.stop));
  auto found = learn_probabilities(graph, actions, LearnOptions(), context.stop);
  if (found.ok()) return std::move(found->probabilities);
  if (!absl::IsFailedPrecondition(found.status())) return found.status();
  const std::string detail =
      "there is nothing to learn from: nobody shared, answered or bought what someone they listen "
      "to had before them";
  return problem(ErrorCode::Unprocessable, detail, {{query.probability.pointer, detail}});
}

absl::StatusOr<PassProbabilities> apply_rule(const PropagationQuery& query,
                                             const GraphSource& source, const Context& context) {
  const ProbabilityRule& rule = query.probability;
  if (rule.kind == ProbabilityRule::Kind::Learned) return learned(query, source, context);
  if (!rule.by_channel.empty()) return by_channel(query, source, context);
  if (rule.kind == ProbabilityRule::Kind::Constant) {
    return pass_probabilities(source.graph->listening(), ConstantProbability{rule.p});
  }
  return pass_probabilities(source.graph->listening(), WeightedCascade{});
}

}  // namespace

absl::StatusOr<Probabilities> edge_probabilities(const PropagationQuery& query,
                                                 const GraphSource& source,
                                                 const Context& context) {
  const bool lt = query.model == CascadeModel::LinearThreshold;
  if (!lt && query.probability.kind == ProbabilityRule::Kind::WeightedCascade) {
    return source.graph->weighted_cascade();
  }
  std::string key = (lt ? "lt " : "ic ") + query.probability.key();
  // Other rules come from more than the graph.
  key +=
      ' ' + std::to_string(source.snapshot->number()) + ' ' + std::to_string(source.moment.as_of);
  return source.graph->probabilities(key, [&]() -> absl::StatusOr<Probabilities> {
    GRAPEVINE_ASSIGN_OR_RETURN(PassProbabilities passing, apply_rule(query, source, context));
    if (lt) cap_at_listeners(source.graph->listening(), passing);
    return std::make_shared<const PassProbabilities>(std::move(passing));
  });
}

}  // namespace grapevine
