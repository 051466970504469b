#include "api/live/graph_view.hpp"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "api/plan/influence_model.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

struct BuiltGraph {
  ListenGraph graph;
  TimeMs first = 0;
  TimeMs next = 0;
};

absl::StatusOr<BuiltGraph> build(const Snapshot& snapshot, TimeMs as_of,
                                 const TieRestriction& restriction, const Stop& stop) {
  const InfluenceModel model = influence_model(snapshot);
  const SocialTieRules rules{model.verbs, restriction.where, restriction.from, restriction.to,
                             restriction.among};
  GRAPEVINE_ASSIGN_OR_RETURN(const SocialTies ties, social_ties(snapshot, rules, as_of, stop));
  const std::vector<std::span<const SocialTie>> chunks(ties.chunks.begin(), ties.chunks.end());
  GRAPEVINE_ASSIGN_OR_RETURN(ListenGraph graph,
                             build_listen_graph(chunks, {model.half_life_ms}, stop));
  return BuiltGraph{std::move(graph), ties.first, ties.next};
}

}  // namespace

bool GraphView::Kept::fits(const Snapshot& snapshot, TimeMs as_of) const {
  return graph != nullptr && social_version == snapshot.social_version() && first <= as_of &&
         as_of < next;
}

std::shared_ptr<GraphView::Kept> GraphView::find(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(kept_.begin(), kept_.end(),
                                  [&](const auto& graph) { return graph->key == key; });
  if (found != kept_.end()) {
    kept_.splice(kept_.begin(), kept_, found);
  } else {
    kept_.push_front(std::make_shared<Kept>(key));
    if (kept_.size() > kGraphsMax) kept_.pop_back();  // Whoever uses it still has it.
  }
  return kept_.front();
}

absl::StatusOr<std::shared_ptr<const SocialGraph>> GraphView::at(const Snapshot& snapshot,
                                                                 TimeMs as_of,
                                                                 const TieRestriction& restriction,
                                                                 const Freshness& freshness,
                                                                 const Stop& stop) {
  const auto kept = find(std::string(influence_document(snapshot)) + '\n' + restriction.key);
  const std::lock_guard lock(kept->building);
  if (kept->fits(snapshot, as_of)) {
    kept->right_at = std::max(kept->right_at, freshness.now_ms);
    return kept->graph;
  }
  const bool is_fresh = kept->graph != nullptr && freshness.max_staleness_ms > 0 &&
                        freshness.now_ms - kept->right_at <= freshness.max_staleness_ms;
  if (is_fresh) return kept->graph;
  GRAPEVINE_ASSIGN_OR_RETURN(BuiltGraph built, build(snapshot, as_of, restriction, stop));
  kept->graph = std::make_shared<const SocialGraph>(snapshot, std::move(built.graph));
  kept->social_version = snapshot.social_version();
  kept->first = built.first;
  kept->next = built.next;
  kept->right_at = freshness.now_ms;
  return kept->graph;
}

}  // namespace grapevine
