#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/propagation/probability.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// A score of everyone in the graph, and their order by it.
struct RankedScore {
  std::vector<double> values;        ///< By vertex.
  std::vector<std::uint32_t> ranks;  ///< By vertex: the place in `order`, from 1.
  std::vector<Vertex> order;         ///< Largest first; equal ones by the bytes of their id.
};

/// The names of the scores that `SocialGraph::score` knows.
inline constexpr std::array<std::string_view, 2> kScoreNames{"pagerank", "core_number"};

/// Who listens to whom as of one snapshot, and what follows from it, computed when first asked for.
/// Thread-safe: any number may ask; one who asks for what is being computed waits for it.
class SocialGraph {
 public:
  SocialGraph(const Snapshot& snapshot, ListenGraph graph);

  [[nodiscard]] const ListenGraph& listening() const { return graph_; }
  /// The snapshot that it was built from: `graph_snapshot` in answers.
  [[nodiscard]] std::uint64_t snapshot_number() const { return snapshot_number_; }
  [[nodiscard]] std::string_view external_id(Vertex v) const {
    return names_.name(graph_.people[v]);
  }

  /// Precondition: `name` is one of kScoreNames.
  /// Errors  Cancelled: `stop` was requested; the next one who asks begins anew.
  absl::StatusOr<std::shared_ptr<const RankedScore>> score(std::string_view name,
                                                           const Stop& stop) const;
  /// The probabilities of a rule, kept for the one asked for last.
  absl::StatusOr<std::shared_ptr<const PassProbabilities>> probabilities(
      const ProbabilityRule& rule) const;

 private:
  struct KeptScore {
    std::mutex computing;
    std::shared_ptr<const RankedScore> score;
  };
  absl::StatusOr<std::vector<double>> compute(std::string_view name, const Stop& stop) const;

  // Not the snapshot itself, which would keep parts alive that were merged since.
  std::uint64_t snapshot_number_;
  CustomerNames names_;
  ListenGraph graph_;
  mutable std::array<KeptScore, kScoreNames.size()> scores_;
  mutable std::mutex probabilities_mutex_;
  mutable ProbabilityRule rule_;
  mutable std::shared_ptr<const PassProbabilities> probabilities_;
};

/// Keeps the graph that was asked for last: built again, by whoever asks first, once a social event came or
/// the moment of one has passed. Thread-safe.
class GraphView {
 public:
  /// The graph of a snapshot's social events up to `as_of`.
  /// Errors  Cancelled: `stop` was requested.
  /// Cost    Nothing where no social event lies between; else one build: O(E log E) for E social events.
  absl::StatusOr<std::shared_ptr<const SocialGraph>> at(const Snapshot& snapshot, TimeMs as_of,
                                                        const Stop& stop);

 private:
  // Whether the kept graph answers.
  [[nodiscard]] bool fits(const Snapshot& snapshot, TimeMs as_of) const;

  std::mutex building_;
  std::uint64_t social_version_ = 0;
  TimeMs first_ = 0;  // It answers for moments from here on,
  TimeMs next_ = 0;   // and before here.
  std::shared_ptr<const SocialGraph> graph_;
};

}  // namespace grapevine
