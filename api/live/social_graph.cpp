#include "api/live/social_graph.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "kernels/influence/betweenness.hpp"
#include "kernels/influence/core_number.hpp"
#include "kernels/influence/repair_pagerank.hpp"
#include "kernels/propagation/chance.hpp"
#include "kernels/propagation/spread_of_all.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

// Beyond, a repaired PageRank ends sooner, where no score is off by more than some 1e-10: in two
// thirds of the time.
constexpr std::size_t kManyEdges = 1'000'000;
// A tenth of a second to a few seconds, whatever the graph.
constexpr double kBetweennessError = 0.005;

}  // namespace

SocialGraph::SocialGraph(const Snapshot& snapshot, ListenGraph graph,
                         std::shared_ptr<const RankedScore> earlier)
    : snapshot_number_(snapshot.number()),
      names_(snapshot.customers().names()),
      graph_(std::move(graph)),
      earlier_pagerank_(std::move(earlier)) {}

absl::StatusOr<std::shared_ptr<const RankedScore>> SocialGraph::score(std::string_view name,
                                                                      const Stop& stop) const {
  const auto which = std::find(kScores.begin(), kScores.end(), name);
  return scores_[static_cast<std::size_t>(which - kScores.begin())].get(
      [&] { return compute(name, stop); });
}

absl::StatusOr<RankedScore> SocialGraph::compute(std::string_view name, const Stop& stop) const {
  if (name == "pagerank") {
    const RankedScore none;
    const RankedScore& earlier = earlier_pagerank_ == nullptr ? none : *earlier_pagerank_;
    PagerankOptions options;
    if (!earlier.people.empty() && graph_.edges() > kManyEdges) options.tolerance = 1e-8;
    GRAPEVINE_ASSIGN_OR_RETURN(
        PagerankResult found,
        repair_pagerank(graph_, {earlier.people, earlier.values}, options, stop));
    RankedScore ranked = rank_people(graph_.people, std::move(found.scores), names_);
    ranked.repaired = found.repaired;
    return ranked;
  }
  if (name == "spread") {
    GRAPEVINE_ASSIGN_OR_RETURN(const auto passing, weighted_cascade());
    GRAPEVINE_ASSIGN_OR_RETURN(SpreadOfAll spread,
                               spread_of_all(graph_, passing->to_listeners, {}, stop));
    RankedScore ranked = rank_people(graph_.people, std::move(spread.spread), names_);
    ranked.error = ScoreError{"relative", spread.relative_error, 0.0};
    return ranked;
  }
  if (name == "betweenness") {
    BetweennessOptions options;
    options.error = kBetweennessError;
    GRAPEVINE_ASSIGN_OR_RETURN(BetweennessResult between, betweenness(graph_, options, stop));
    RankedScore ranked = rank_people(graph_.people, std::move(between.scores), names_);
    if (!between.exact) {
      ranked.error = ScoreError{"absolute", between.error_bound, 1.0 - options.delta};
    }
    return ranked;
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<std::uint32_t> cores, core_number(graph_, stop));
  return rank_people(graph_.people, std::vector<double>(cores.begin(), cores.end()), names_);
}

absl::StatusOr<std::shared_ptr<const Communities>> SocialGraph::communities(
    const Stop& stop) const {
  return communities_.get([&] { return find_communities(graph_, {}, stop); });
}

absl::StatusOr<std::shared_ptr<const PassProbabilities>> SocialGraph::weighted_cascade() const {
  return weighted_cascade_.get([&] { return pass_probabilities(graph_, WeightedCascade{}); });
}

absl::StatusOr<SocialGraph::Probabilities> SocialGraph::probabilities(
    const std::string& key, const std::function<absl::StatusOr<Probabilities>()>& make) const {
  constexpr std::size_t kKept = 2;
  const std::lock_guard lock(probabilities_mutex_);
  for (const auto& [known, passing] : probabilities_) {
    if (known == key) return passing;
  }
  GRAPEVINE_ASSIGN_OR_RETURN(Probabilities passing, make());
  if (probabilities_.size() == kKept) probabilities_.erase(probabilities_.begin());
  probabilities_.emplace_back(key, passing);
  return passing;
}

absl::StatusOr<std::shared_ptr<const RankedScore>> SocialGraph::value_reached(
    std::span<const double> worth,
    const std::function<absl::StatusOr<RankedScore>()>& compute) const {
  std::uint64_t key = worth.size();
  for (const double one : worth) key = scramble(key ^ std::bit_cast<std::uint64_t>(one));
  const std::lock_guard lock(value_mutex_);
  if (value_reached_ == nullptr || value_key_ != key) {
    GRAPEVINE_ASSIGN_OR_RETURN(RankedScore score, compute());
    value_reached_ = std::make_shared<const RankedScore>(std::move(score));
    value_key_ = key;
  }
  return value_reached_;
}

std::size_t SocialGraph::bytes() const {
  // Two directions with their weights and probabilities of up to three rules; ranks of the scores.
  return graph_.edges() * (16 + 24) + graph_.vertices() * (4 + 16 + 24 * kScores.size() + 8);
}

}  // namespace grapevine
