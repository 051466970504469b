#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "api/live/ranked_score.hpp"
#include "kernels/graph/listen_graph.hpp"
#include "kernels/influence/communities.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/propagation/probability.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// A result that is computed when it is first asked for. Thread-safe: who asks for what is being
/// computed waits for it; what failed or was cancelled is begun anew by the next one.
template <typename Result>
class MadeOnce {
 public:
  /// Compute  A function of nothing that gives StatusOr<Result>.
  template <typename Compute>
  absl::StatusOr<std::shared_ptr<const Result>> get(const Compute& compute) {
    const std::lock_guard lock(making_);
    if (made_ == nullptr) {
      absl::StatusOr<Result> result = compute();
      if (!result.ok()) return result.status();
      made_ = std::make_shared<const Result>(*std::move(result));
    }
    return made_;
  }
  /// What was made; nullptr: nothing yet, or it is being made.
  std::shared_ptr<const Result> if_made() {
    const std::unique_lock lock(making_, std::try_to_lock);
    return lock.owns_lock() ? made_ : nullptr;
  }

 private:
  std::mutex making_;
  std::shared_ptr<const Result> made_;
};

/// Who listens to whom as of one snapshot, and what follows from it, computed when first asked for.
/// Thread-safe.
class SocialGraph {
 public:
  /// The scores that follow from the graph alone.
  static constexpr std::array<std::string_view, 4> kScores{"pagerank", "spread", "core_number",
                                                           "betweenness"};

  /// `earlier`: PageRank of a graph that differs little, from where its own begins; nullptr: none.
  SocialGraph(const Snapshot& snapshot, ListenGraph graph,
              std::shared_ptr<const RankedScore> earlier = nullptr);

  [[nodiscard]] const ListenGraph& listening() const { return graph_; }
  /// The snapshot that it was built from: `graph_snapshot` in answers.
  [[nodiscard]] std::uint64_t snapshot_number() const { return snapshot_number_; }
  [[nodiscard]] const CustomerNames& names() const { return names_; }
  [[nodiscard]] std::string_view external_id(Vertex v) const {
    return names_.name(graph_.people[v]);
  }

  /// Precondition: `name` is one of kScores.
  /// Errors  Cancelled: `stop` was requested.
  absl::StatusOr<std::shared_ptr<const RankedScore>> score(std::string_view name,
                                                           const Stop& stop) const;
  /// PageRank, if anybody asked for it; nullptr else.
  [[nodiscard]] std::shared_ptr<const RankedScore> pagerank_if_made() const {
    return scores_[0].if_made();
  }
  /// Who belongs together. Errors  Cancelled: `stop` was requested.
  absl::StatusOr<std::shared_ptr<const Communities>> communities(const Stop& stop) const;
  /// Of the weighted cascade.
  absl::StatusOr<std::shared_ptr<const PassProbabilities>> weighted_cascade() const;

  using Probabilities = std::shared_ptr<const PassProbabilities>;
  /// The probabilities of a rule that `key` tells from others, kept for the two asked for last.
  absl::StatusOr<Probabilities> probabilities(
      const std::string& key, const std::function<absl::StatusOr<Probabilities>()>& make) const;

  /// What those are worth whom one's word reaches: kept for what people were worth when it was asked
  /// for last. Shapes  worth: by vertex.
  absl::StatusOr<std::shared_ptr<const RankedScore>> value_reached(
      std::span<const double> worth,
      const std::function<absl::StatusOr<RankedScore>()>& compute) const;

  /// Bytes of the graph, and of what may be computed from it.
  [[nodiscard]] std::size_t bytes() const;

 private:
  absl::StatusOr<RankedScore> compute(std::string_view name, const Stop& stop) const;

  // Not the snapshot itself, which would keep parts alive that were merged since.
  std::uint64_t snapshot_number_;
  CustomerNames names_;
  ListenGraph graph_;
  std::shared_ptr<const RankedScore> earlier_pagerank_;
  mutable std::array<MadeOnce<RankedScore>, kScores.size()> scores_;
  mutable MadeOnce<Communities> communities_;
  mutable MadeOnce<PassProbabilities> weighted_cascade_;
  mutable std::mutex value_mutex_;
  mutable std::uint64_t value_key_ = 0;
  mutable std::shared_ptr<const RankedScore> value_reached_;
  mutable std::mutex probabilities_mutex_;
  mutable std::vector<std::pair<std::string, Probabilities>> probabilities_;  // Oldest first.
};

}  // namespace grapevine
