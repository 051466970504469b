#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include <absl/status/status.h>

#include "api/live/alerts/burst_watch.hpp"
#include "api/live/alerts/new_mentions.hpp"
#include "api/plan/alert_document.hpp"
#include "kernels/parallel/stop.hpp"
#include "storage/store.hpp"

namespace grapevine {

/// Watches the mentions of a store while somebody runs it, and notes bursts as alerts in the store,
/// from where they are told. Thread-safe, but that one thread runs or advances it.
///
/// At the start, and once history was stored that is older than what is watched, the mentions of the
/// last 60 days are counted anew, in the order of time. Bursts that were told then are known again by
/// their series, within a day: nobody is told twice.
class AlertKeeper {
 public:
  /// Milliseconds since 1970.
  using Clock = std::function<TimeMs()>;
  /// `store` outlives it.
  AlertKeeper(Store& store, Clock clock) : store_(store), clock_(std::move(clock)) {}

  /// Follows the store until `stop` fires. A failure of the disk is waited out.
  void run(const Stop& stop);

  /// One round: looks at what was stored since the last one, and at the clock. What it found is
  /// noted when it returns. Errors  Unavailable: the disk failed; the next round begins anew.
  absl::Status advance();

  struct Facts {
    std::size_t series = 0, bursts = 0;
    std::uint64_t mentions = 0;   ///< Counted since the start.
    std::uint64_t unwatched = 0;  ///< Mentions of series for which there was no room.
  };
  [[nodiscard]] Facts facts() const;

 private:
  static constexpr std::chrono::milliseconds kRound{100};
  static constexpr TimeMs kHorizonMs = 60 * BurstDetector::kDayMs;
  static constexpr TimeMs kIdleMs = 60'000;   // After which time is the clock's.
  static constexpr TimeMs kNoteMs = 600'000;  // Between notes of how far bursts were told.

  void count_anew(const Snapshot& snapshot, TimeMs tell_from, TimeMs now,
                  std::vector<BurstStep>& steps);
  void count_new(const Snapshot& snapshot, TimeMs now, std::vector<BurstStep>& steps);
  void match_told(const Snapshot& snapshot, TimeMs tell_from, std::vector<BurstStep>& steps);
  absl::Status note(const std::vector<BurstStep>& steps);
  using Changed = std::map<std::uint64_t, AlertDocument>;
  void begin_alert(const BurstStep& step, AlertState& state, Changed& changed);
  void end_alert(const BurstStep& step, const Snapshot& snapshot, AlertState& state,
                 Changed& changed);
  absl::Status drop_oldest();
  void count_facts();

  Store& store_;
  const Clock clock_;
  WatchedNames names_;
  NewMentions new_{names_};
  BurstWatch watch_{names_};
  std::map<AlertSeries, std::uint64_t> open_;  // Ids of those that are not closed.
  std::vector<WatchedMention> later_;          // Of the future: a heap, the earliest first.
  bool begun_ = false;
  std::uint64_t snapshot_ = 0;       // That was looked at last.
  TimeMs newest_ = INT64_MIN;        // Mention that was counted.
  TimeMs newest_came_ = 0;           // By the clock.
  TimeMs state_noted_ = 0;           // By the clock.
  TimeMs judged_until_ = INT64_MIN;  // As noted.
  std::optional<TimeMs> history_;    // The oldest mention that is to be counted anew.
  std::chrono::steady_clock::time_point may_count_anew_;
  std::atomic<std::size_t> series_{0}, bursts_{0};
  std::atomic<std::uint64_t> mentions_{0}, unwatched_{0};
};

}  // namespace grapevine
