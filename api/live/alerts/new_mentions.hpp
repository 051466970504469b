#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>

#include "api/live/alerts/unheard_voices.hpp"
#include "api/live/alerts/watched_names.hpp"
#include "api/live/alerts/watched_topics.hpp"
#include "api/plan/alert_document.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// A mention of a brand, a product or a topic, as far as alerts look at it. A row that is about
/// topics may be several.
struct WatchedMention {
  TimeMs ts = 0;
  std::uint64_t sequence = 0;  ///< In order of arrival.
  std::uint32_t brand = WatchedNames::kNone;
  std::uint32_t product = WatchedNames::kNone;
  std::uint32_t topic = WatchedNames::kNone;  ///< One of the three is there.
  std::uint32_t channel = WatchedNames::kNone;
  AlertMood mood = AlertMood::All;  ///< All: it has none of the others.
  bool harm = false;                ///< Its text tells of harm, which makes its mood negative.
};

/// Reads the mentions that were stored since it read last, but for those of the company's own voices. Who was moved to another person, merged
/// into a larger part or reads the same rows again does not see them twice. Not thread-safe.
class NewMentions {
 public:
  /// `voices`: who says what is not read; of each snapshot that is.
  NewMentions(WatchedNames& names, const UnheardVoices& voices) : names_(names), voices_(voices) {}

  /// Those stored since the last call, by time and then by arrival, but for those before `from`.
  /// Errors  Cancelled: `stop` fired; nothing counts as seen.
  /// Cost    A look at each run that is new, and at its rows' numbers of arrival; some 200 ns for the
  ///         text of a mention.
  absl::StatusOr<std::vector<WatchedMention>> take(
      const Snapshot& snapshot, const WatchedTopics& topics, const Stop& stop,
      TimeMs from = std::numeric_limits<TimeMs>::min());

  /// All in [from, to) that earlier calls of `take` have seen, in the same order.
  /// Errors  Cancelled: `stop` fired.
  absl::StatusOr<std::vector<WatchedMention>> seen(const Snapshot& snapshot,
                                                   const WatchedTopics& topics, const Stop& stop,
                                                   TimeMs from, TimeMs to);

  /// Nothing was seen yet.
  void restart() {
    next_ = 0;
    known_.clear();
  }

  /// Every row that `take` has seen came before this sequence.
  [[nodiscard]] std::uint64_t next() const { return next_; }

 private:
  struct Range {
    std::uint64_t begin = 0, end = std::numeric_limits<std::uint64_t>::max();  // Of sequences.
    TimeMs from = std::numeric_limits<TimeMs>::min(), to = std::numeric_limits<TimeMs>::max();
    bool with_text_alone = false;
  };
  void read(const Snapshot& snapshot, const LiveRun& live, std::span<const TopicOfRun> topics,
            const Range& range, std::vector<WatchedMention>& mentions);

  WatchedNames& names_;
  const UnheardVoices& voices_;
  std::uint64_t next_ = 0;  // The sequence that comes next.
  absl::flat_hash_map<const Run*, std::weak_ptr<const Run>> known_;
  std::vector<std::uint32_t> brands_, products_, channels_;  // By code.
};

}  // namespace grapevine
