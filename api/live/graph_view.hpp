#pragma once

#include <cstdint>
#include <limits>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <absl/status/statusor.h>

#include "api/live/social_graph.hpp"
#include "kernels/graph/social_ties.hpp"
#include "kernels/parallel/stop.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Social events to which a graph is restricted, beside those that the model names.
struct TieRestriction {
  std::string key;  ///< Tells it from others over the same snapshot; empty: there is none.
  std::vector<ColumnRule> where;
  TimeMs from = std::numeric_limits<TimeMs>::min();
  TimeMs to = std::numeric_limits<TimeMs>::max();
  std::optional<CustomerSet> among;
};

/// Keeps the graphs that were asked for last: made anew, by whoever asks first, once a social event
/// came or the moment of one has passed. Where few people's ties are others, the earlier graph is spliced,
/// and PageRank begins at its earlier scores. Thread-safe.
class GraphView {
 public:
  static constexpr std::size_t kGraphsMax = 4;  ///< Kept: of the models and restrictions used last.

  /// How fresh a graph must be.
  struct Freshness {
    TimeMs now_ms = 0;            ///< The clock.
    TimeMs max_staleness_ms = 0;  ///< A graph that was right so long ago will do.
  };

  /// The graph of a snapshot's social events up to `as_of`, by the model that the snapshot has.
  /// Errors  Cancelled: `stop` was requested.
  /// Cost    Nothing where no social event lies between; else a read of E social events, and a copy of the
  ///         graph or, at worst, one build: O(E log E).
  absl::StatusOr<std::shared_ptr<const SocialGraph>> at(const Snapshot& snapshot, TimeMs as_of,
                                                        const Stop& stop) {
    return at(snapshot, as_of, {}, {}, stop);
  }
  /// The same of some of the social events.
  absl::StatusOr<std::shared_ptr<const SocialGraph>> at(const Snapshot& snapshot, TimeMs as_of,
                                                        const TieRestriction& restriction,
                                                        const Freshness& freshness,
                                                        const Stop& stop);

 private:
  // A graph, once it is built.
  struct Kept {
    explicit Kept(std::string of) : key(std::move(of)) {}

    const std::string key;  // The model and the restriction.
    std::mutex building;    // Guards what follows.
    std::uint64_t social_version = 0;
    TimeMs first = 0;     // It answers for moments from here on,
    TimeMs next = 0;      // and before here.
    TimeMs right_at = 0;  // By the clock: when it was last known to be what is asked for.
    std::shared_ptr<const SocialGraph> graph;
    std::vector<std::uint64_t> digests;  // Of its ties: see digest_ties.

    [[nodiscard]] bool fits(const Snapshot& snapshot, TimeMs as_of) const;
  };
  std::shared_ptr<Kept> find(const std::string& key);

  std::mutex mutex_;
  std::list<std::shared_ptr<Kept>> kept_;  // The one used last comes first.
};

}  // namespace grapevine
