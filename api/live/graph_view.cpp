#include "api/live/graph_view.hpp"

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>

#include "kernels/graph/social_ties.hpp"
#include "kernels/influence/core_number.hpp"
#include "kernels/influence/pagerank.hpp"
#include "kernels/parallel/sort.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

bool same_rule(const ProbabilityRule& a, const ProbabilityRule& b) {
  if (a.index() != b.index()) return false;
  const auto* constant = std::get_if<ConstantProbability>(&a);
  return constant == nullptr || constant->p == std::get<ConstantProbability>(b).p;
}

}  // namespace

SocialGraph::SocialGraph(const Snapshot& snapshot, ListenGraph graph)
    : snapshot_number_(snapshot.number()),
      names_(snapshot.customers().names()),
      graph_(std::move(graph)) {}

absl::StatusOr<std::shared_ptr<const RankedScore>> SocialGraph::score(std::string_view name,
                                                                      const Stop& stop) const {
  const auto which = std::find(kScoreNames.begin(), kScoreNames.end(), name);
  KeptScore& kept = scores_[static_cast<std::size_t>(which - kScoreNames.begin())];
  const std::lock_guard lock(kept.computing);
  if (kept.score != nullptr) return kept.score;
  GRAPEVINE_ASSIGN_OR_RETURN(std::vector<double> values, compute(name, stop));

  auto ranked = std::make_shared<RankedScore>();
  ranked->order.resize(values.size());
  std::iota(ranked->order.begin(), ranked->order.end(), Vertex{0});
  parallel_sort(std::span(ranked->order), [&](Vertex a, Vertex b) {
    return values[a] != values[b] ? values[a] > values[b] : external_id(a) < external_id(b);
  });
  ranked->ranks.resize(values.size());
  for (std::uint32_t i = 0; i < ranked->order.size(); ++i) {
    ranked->ranks[ranked->order[i]] = i + 1;
  }
  ranked->values = std::move(values);
  kept.score = std::move(ranked);
  return kept.score;
}

absl::StatusOr<std::vector<double>> SocialGraph::compute(std::string_view name,
                                                         const Stop& stop) const {
  if (name == "pagerank") {
    GRAPEVINE_ASSIGN_OR_RETURN(PagerankResult ranked, pagerank(graph_, {}, stop));
    return std::move(ranked.scores);
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<std::uint32_t> cores, core_number(graph_, stop));
  return std::vector<double>(cores.begin(), cores.end());
}

absl::StatusOr<std::shared_ptr<const PassProbabilities>> SocialGraph::probabilities(
    const ProbabilityRule& rule) const {
  const std::lock_guard lock(probabilities_mutex_);
  if (probabilities_ == nullptr || !same_rule(rule, rule_)) {
    GRAPEVINE_ASSIGN_OR_RETURN(PassProbabilities passing, pass_probabilities(graph_, rule));
    probabilities_ = std::make_shared<const PassProbabilities>(std::move(passing));
    rule_ = rule;
  }
  return probabilities_;
}

bool GraphView::fits(const Snapshot& snapshot, TimeMs as_of) const {
  return graph_ != nullptr && social_version_ == snapshot.social_version() && first_ <= as_of &&
         as_of < next_;
}

absl::StatusOr<std::shared_ptr<const SocialGraph>> GraphView::at(const Snapshot& snapshot,
                                                                 TimeMs as_of, const Stop& stop) {
  const std::lock_guard lock(building_);
  if (fits(snapshot, as_of)) return graph_;
  GRAPEVINE_ASSIGN_OR_RETURN(const SocialTies ties, social_ties(snapshot, as_of, stop));
  const std::vector<std::span<const SocialTie>> chunks(ties.chunks.begin(), ties.chunks.end());
  GRAPEVINE_ASSIGN_OR_RETURN(ListenGraph graph, build_listen_graph(chunks, {}, stop));
  graph_ = std::make_shared<const SocialGraph>(snapshot, std::move(graph));
  social_version_ = snapshot.social_version();
  first_ = ties.first;
  next_ = ties.next;
  return graph_;
}

}  // namespace grapevine
