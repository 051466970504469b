#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include <absl/status/status.h>

#include "api/live/alerts/burst_watch.hpp"
#include "api/live/alerts/new_mentions.hpp"
#include "api/live/alerts/unheard_voices.hpp"
#include "api/live/alerts/watched_topics.hpp"
#include "api/plan/alert_document.hpp"
#include "kernels/parallel/stop.hpp"
#include "storage/store.hpp"

namespace grapevine {

/// Watches the mentions of a store while somebody runs it, and notes bursts as alerts in the store,
/// from where they are told. Thread-safe, but that one thread runs or advances it.
///
/// Once history was stored that is older than what is watched, the mentions of the last 60 days
/// are counted anew, in the order of time; at the start from 60 days before the first one on that
/// was not counted, 2 years at most; and where topics, or who speaks for the company, are others than
/// before. Only bursts with mentions that were not counted yet are told then, and what was told is known again by its
/// series, within a day: so each burst is told once, whenever the process ends.
class AlertKeeper {
 public:
  /// Milliseconds since 1970.
  using Clock = std::function<TimeMs()>;
  /// `topics`: kept current by somebody else, who may be behind; nullptr: no topic is watched. It
  /// and `store` outlive this.
  AlertKeeper(Store& store, Clock clock, TopicIndex* topics = nullptr)
      : store_(store), clock_(std::move(clock)), topics_(topics, names_) {}

  /// Follows the store until `stop` fires. A failure of the disk is waited out.
  void run(const Stop& stop);

  /// One round: looks at what was stored since the last one, and at the clock. What it found is
  /// noted when it returns. It waits, at the start, until the past of all topics is known.
  /// Errors  Unavailable: the disk failed. Cancelled: `stop` fired. The next round begins anew.
  absl::Status advance(const Stop& stop = Stop());

  struct Facts {
    std::size_t series = 0, bursts = 0;
    std::uint64_t mentions = 0;   ///< Counted since the start.
    std::uint64_t unwatched = 0;  ///< Mentions of series for which there was no room.
    /// History is still to be counted, or all of it with other topics or without other voices.
    bool is_behind = false;
  };
  [[nodiscard]] Facts facts() const;

 private:
  static constexpr std::chrono::milliseconds kRound{100};
  static constexpr TimeMs kHorizonMs = 60 * BurstDetector::kDayMs;
  static constexpr TimeMs kIdleMs = 60'000;  // After which time is the clock's.
  static constexpr TimeMs kBacklogMs = 2 * 365 * BurstDetector::kDayMs;
  static constexpr TimeMs kNoteMs = 600'000;  // Between notes that nothing but time makes due.

  // One look at the store.
  struct Round {
    std::shared_ptr<const Snapshot> snapshot;
    TimeMs now;
    const Stop& stop;
    std::vector<BurstStep> steps = {};
    bool is_due = false;  // To be noted, though nothing is to be told.
  };
  absl::Status look(Round& round);
  [[nodiscard]] bool counts_others() const;
  absl::Status begin(Round& round);
  absl::Status count_new(Round& round);
  absl::Status count_where_others(Round& round);
  absl::Status count_anew(Round& round, TimeMs from_time, const BurstWatch::News& news);
  void match_told(const Snapshot& snapshot, std::vector<BurstStep>& steps);
  [[nodiscard]] bool is_note_due(TimeMs now) const;

  absl::Status note(const std::vector<BurstStep>& steps);
  using Changed = std::map<std::uint64_t, AlertDocument>;
  void begin_alert(const BurstStep& step, AlertState& state, Changed& changed);
  AlertDocument* open_alert(const AlertSeries& series, const Snapshot& snapshot, Changed& changed);
  void join_alert(const BurstStep& step, const Snapshot& snapshot, Changed& changed);
  void grow_alert(const BurstStep& step, const Snapshot& snapshot, AlertState& state,
                  Changed& changed);
  void end_alert(const BurstStep& step, const Snapshot& snapshot, AlertState& state,
                 Changed& changed);
  void count_facts();

  Store& store_;
  const Clock clock_;
  WatchedNames names_;
  WatchedTopics topics_;
  UnheardVoices voices_;
  NewMentions new_{names_, voices_};
  BurstWatch watch_{names_};
  std::map<AlertSeries, std::uint64_t> open_;  // Ids of those that are not closed.
  std::vector<WatchedMention> later_;          // Of the future: a heap, the earliest first.
  bool begun_ = false;
  std::uint64_t snapshot_ = 0;       // That was looked at last.
  TimeMs newest_ = INT64_MIN;        // Mention that was counted.
  TimeMs newest_came_ = 0;           // By the clock.
  std::uint64_t counted_ = 0;        // Rows before this sequence were counted, in order.
  TimeMs state_noted_ = 0;           // By the clock.
  TimeMs judged_from_ = INT64_MAX;   // Bursts of before it were never looked for.
  TimeMs judged_until_ = INT64_MIN;  // As noted.
  std::optional<TimeMs> history_;    // The oldest mention that is to be counted anew.
  std::chrono::steady_clock::time_point may_count_anew_;
  std::atomic<std::size_t> series_{0}, bursts_{0};
  std::atomic<std::uint64_t> mentions_{0}, unwatched_{0};
  std::atomic<bool> is_behind_{false};
};

}  // namespace grapevine
