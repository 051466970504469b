#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "api/live/topics/topic_matches.hpp"
#include "api/live/verdict_index.hpp"
#include "api/plan/topic_document.hpp"
#include "kernels/listen/topic_rows.hpp"
#include "kernels/parallel/stop.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Which rows are about which topic, for every topic that the newest documents define. Each text is
/// looked at once, in one pass for all topics; for a topic that is added, once more. A run that a
/// merge made is known by the sequences of its rows.
///
/// Memory  At most 6 bytes a match, and in each run 4 more or a bit a row, whichever is less.
/// Thread safety: any thread may ask; one calls `advance`.
class TopicIndex {
 public:
  /// How a topic stands.
  struct State {
    bool is_current =
        false;              ///< Its past is known; what is written since is looked at as it comes.
    double progress = 0.0;  ///< Of the pass over the past, from 0 to 1.
  };

  /// Learns which topics there are. What is known of definitions that are gone is forgotten.
  void set_topics(const Snapshot& snapshot);

  /// Brings all topics up to a snapshot: reads the texts that came since, and all of them for a
  /// topic that is new.
  /// Errors  Cancelled: `stop` fired.
  absl::Status advance(const Snapshot& snapshot, const Stop& stop);

  /// The rows of a snapshot about each of these topics: of any snapshot, whatever is known so far.
  /// Shapes  Result: by place in `topics`.
  /// Errors  Cancelled: `stop` fired.
  /// Cost    A look at each run; the texts of those that are not known are read in parallel.
  absl::StatusOr<std::vector<std::shared_ptr<const TopicRows>>> rows(
      const Snapshot& snapshot, std::span<const TopicDocument> topics, const Stop& stop);

  /// The rows of some runs of a snapshot about each of these topics: see `rows`. Of a topic that
  /// nobody defines any more there are none.
  /// Shapes  Result: by place in `runs`, what there is by place in `topics`; none is empty.
  /// Errors  Cancelled: `stop` fired.
  /// Cost    As `rows`, but of the runs alone.
  using OfRun = std::vector<std::pair<std::size_t, std::shared_ptr<const RowList>>>;
  absl::StatusOr<std::vector<OfRun>> rows_of_runs(const Snapshot& snapshot,
                                                  std::span<const LiveRun> runs,
                                                  std::span<const TopicDocument> topics,
                                                  const Stop& stop);

  /// Whether a topic of this definition is known.
  [[nodiscard]] State state(const TopicDocument& topic) const;
  [[nodiscard]] std::size_t bytes() const;
  [[nodiscard]] std::uint64_t texts_read() const { return texts_read_; }

  /// What the same texts complain of, which needs no topic.
  [[nodiscard]] VerdictIndex& verdicts() { return verdicts_; }

 private:
  // A definition: topics with the same phrases are one.
  struct Topic {
    std::vector<Phrase> phrases;  // Of topic 0.
    std::uint64_t until = 0;      // What rows before this sequence are about stands in matches_,
    std::uint64_t since = 0;      // of those that lived at this snapshot or came later.
    bool is_looked_for = false;   // In the past: see progress_.
    bool is_current = false;
  };
  // What is known of a run.
  struct RunTopics {
    std::weak_ptr<const Run> run;  // Ended: another one may stand at its place in memory.
    std::uint64_t last_sequence = 0;
    std::vector<TopicNumber> known;                                            // Ascending.
    std::vector<std::pair<TopicNumber, std::shared_ptr<const RowList>>> rows;  // None is empty.

    [[nodiscard]] bool knows(TopicNumber topic) const;
    [[nodiscard]] std::shared_ptr<const RowList> of(TopicNumber topic) const;
  };
  // Topics that are looked for together.
  struct Wanted {
    std::vector<TopicNumber> topics;    // Ascending.
    std::vector<std::uint64_t> untils;  // By place in `topics`.
    PhraseMatcher matcher;              // Of topics by place.
  };
  // A run of which some topics are not known.
  struct Lack {
    std::shared_ptr<const Run> run;
    std::shared_ptr<const Wanted> wanted;
  };
  // A topic, by its place in Wanted, and a row of a run that is about it.
  using Found = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

  std::uint64_t known_until(const Topic& topic, std::uint64_t snapshot) const;
  absl::StatusOr<std::shared_ptr<const Wanted>> make_wanted(const std::vector<TopicNumber>& topics,
                                                            std::uint64_t snapshot) const;
  std::vector<std::optional<TopicNumber>> numbers_of(std::span<const TopicDocument> topics) const;
  absl::StatusOr<std::vector<Lack>> lacking(const Snapshot& snapshot,
                                            std::span<const TopicNumber> topics) const;
  absl::Status learn(const Snapshot& snapshot, std::span<const TopicNumber> topics,
                     const Stop& stop, std::atomic<double>* progress);
  void find(const Lack& lack, RowRange rows, const TopicMatches& matches, Found& found);
  void keep(const Lack& lack, Found found);
  void note_matches(const Snapshot& snapshot, std::span<const TopicNumber> topics);
  std::shared_ptr<const RunTopics> known_of(const LiveRun& run) const;

  mutable std::mutex mutex_;  // Guards what follows; not held while texts are read.
  std::map<std::string, TopicNumber> numbers_;  // By definition.
  std::map<TopicNumber, Topic> topics_;
  TopicNumber next_number_ = 0;
  TopicMatches matches_;
  // Snapshots that all topics were brought to, ascending, and the sequence that is behind each.
  std::deque<std::pair<std::uint64_t, std::uint64_t>> reached_;
  absl::flat_hash_map<const Run*, std::shared_ptr<const RunTopics>> runs_;

  VerdictIndex verdicts_;  // Guards itself.
  std::atomic<double> progress_{0.0};
  std::atomic<std::uint64_t> texts_read_{0};
};

}  // namespace grapevine
