#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>

#include "api/live/alerts/watched_names.hpp"
#include "api/live/topics/topic_index.hpp"
#include "api/plan/topic_document.hpp"
#include "kernels/listen/row_list.hpp"
#include "kernels/parallel/stop.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// What a text about a topic counts for. One that speaks for a brand or a product counts for that,
/// where its event names none, as it does in `voice`: so a burst of it is told once. Any other
/// topic is a series of its own.
struct CountedTopic {
  std::uint32_t brand = WatchedNames::kNone;
  std::uint32_t product = WatchedNames::kNone;
  std::uint32_t topic = WatchedNames::kNone;
};

/// The rows of a run that are about a topic.
struct TopicOfRun {
  CountedTopic counts_for;
  std::shared_ptr<const RowList> rows;
};

/// Which topics are watched: those that are defined, once the texts of the past were looked at. Not
/// thread-safe.
class WatchedTopics {
 public:
  /// `index`: kept current by somebody else, and outlives it; nullptr: no topic is watched.
  WatchedTopics(TopicIndex* index, WatchedNames& names) : index_(index), names_(names) {}

  /// Learns what a snapshot defines. What is watched stays.
  void look(const Snapshot& snapshot);
  /// Whether the past of each topic that is defined is known.
  [[nodiscard]] bool are_known() const { return known_.size() == defined_.size(); }
  /// Whether `adopt` would change something.
  [[nodiscard]] bool are_others() const;
  /// Watches what is known of what is defined.
  void adopt();
  /// Watches what was watched and is defined as it was, until `adopt`.
  void drop_gone();

  /// Shapes  Result: by place in `runs`, which are of the snapshot.
  /// Errors  Cancelled: `stop` fired.
  absl::StatusOr<std::vector<std::vector<TopicOfRun>>> of(const Snapshot& snapshot,
                                                          std::span<const LiveRun> runs,
                                                          const Stop& stop) const;

 private:
  // A topic: what tells its definition from another, and the definition.
  using Topic = std::pair<std::string, TopicDocument>;
  [[nodiscard]] bool is_read(const Snapshot& snapshot) const;
  void watch(std::vector<Topic> topics);
  [[nodiscard]] CountedTopic count(const Topic& topic) const;

  TopicIndex* index_;
  WatchedNames& names_;
  std::vector<std::pair<std::string, std::string>> read_;  // Documents, as they stand.
  std::vector<Topic> defined_, known_;                     // By name; known: of the defined ones.
  std::vector<Topic> watched_;
  bool dropped_ = false;                  // Some were watched that are so no more.
  std::vector<TopicDocument> documents_;  // Of the watched ones.
  std::vector<CountedTopic> counted_;
};

}  // namespace grapevine
