#include "api/live/graph_view.hpp"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "api/plan/influence_model.hpp"
#include "kernels/graph/tie_changes.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

using Chunks = std::vector<std::span<const SocialTie>>;

// Beyond such a share of people with other ties it is faster to begin anew.
constexpr std::size_t kSpliceShare = 8;

// The graph of all ties; from an earlier one of the same rules, if there is one.
absl::StatusOr<ListenGraph> make_graph(const Chunks& ties, const ListenGraphOptions& options,
                                       const ListenGraph* earlier,
                                       std::span<const std::uint64_t> before,
                                       std::span<const std::uint64_t> now, const Stop& stop) {
  if (earlier == nullptr) return build_listen_graph(ties, options, stop);
  const TieChanges changes = find_tie_changes(*earlier, before, now, ties);
  if (changes.people.size() > earlier->vertices() / kSpliceShare) {
    return build_listen_graph(ties, options, stop);
  }
  const std::span<const SocialTie> due(changes.ties);
  const ListenGraphUpdate update{changes.people, std::span(&due, 1), changes.events,
                                 changes.self_events};
  return update_listen_graph(*earlier, update, options, stop);
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
  const InfluenceModel model = influence_model(snapshot);
  const SocialTieRules rules{model.verbs, restriction.where, restriction.from, restriction.to,
                             restriction.among};
  GRAPEVINE_ASSIGN_OR_RETURN(const SocialTies ties, social_ties(snapshot, rules, as_of, stop));
  const Chunks chunks(ties.chunks.begin(), ties.chunks.end());
  std::vector<std::uint64_t> digests = digest_ties(chunks, snapshot.customers().count());
  GRAPEVINE_ASSIGN_OR_RETURN(
      ListenGraph graph, make_graph(chunks, {model.half_life_ms},
                                    kept->graph == nullptr ? nullptr : &kept->graph->listening(),
                                    kept->digests, digests, stop));
  kept->graph = std::make_shared<const SocialGraph>(
      snapshot, std::move(graph),
      kept->graph == nullptr ? nullptr : kept->graph->pagerank_if_made());
  kept->digests = std::move(digests);
  kept->social_version = snapshot.social_version();
  kept->first = ties.first;
  kept->next = ties.next;
  kept->right_at = freshness.now_ms;
  return kept->graph;
}

}  // namespace grapevine
