#pragma once

#include <cstdint>
#include <limits>

#include "storage/ids.hpp"

namespace grapevine {

/// What a detector keeps of one series: all of it is of before the open bucket, but for `count`.
struct BurstState {
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min();

  std::int64_t bucket = kNever;     ///< The open one: that of the last event.
  std::uint64_t count = 0;          ///< Events in it so far.
  double level = 0.0;               ///< Events a bucket, of late.
  double mean = 0.0, square = 0.0;  ///< Sums of levels and of their squares, by weight.
  std::int64_t since = kNever;      ///< When the level left what is usual; kNever: it has not.
  std::uint64_t since_count = 0;    ///< Events from then on, before the open bucket.
  std::int64_t alarm = kNever;      ///< The last alarm.
  bool burst = false;               ///< It is not over.

  friend bool operator==(const BurstState&, const BurstState&) = default;
};

/// How a series stands.
struct BurstScore {
  double level = 0.0;     ///< Events a bucket, of late.
  double expected = 0.0;  ///< Its mean, of the last weeks.
  double score = 0.0;     ///< The level's distance from its mean, in standard deviations.
};

/// Finds bursts in counts of events as they come, one configuration for all series: the level of
/// late, a mean with weights that fall by half every 40 minutes, is held against its own mean and
/// deviation over a half-life of a week. Raw counts, not their roots: a series with heavy tails is
/// to widen its own deviation, and so to ask for more the next time.
///
/// A burst begins where the level is kAlarm deviations above its mean, and is over once it is kCalm
/// or fewer above it; the next alarm comes a day after the last one at the earliest. The deviation is
/// never below what a Poisson count of the same mean, and of one event a bucket at least, would
/// have: where nothing used to happen, 9 events at once are a burst. An open bucket is judged as
/// it fills: its level only rises, so that an alarm comes with the very event that makes it.
///
/// Buckets without an event cost nothing: what they change is a sum of geometric series, which is
/// added up when the next event comes. A late event, of a bucket before the open one, counts as much
/// as is left of its weight by now.
///
/// Cost    Some 20 ns an event, and three powers of two where a bucket is closed. Immutable.
/// Source  Roberts, Technometrics 1 (1959) 239-250 (control charts of moving averages with geometric
///         weights); Lucas & Saccucci, Technometrics 32 (1990) 1-12 (their deviation).
class BurstDetector {
 public:
  static constexpr std::int64_t kMinuteMs = 60'000, kDayMs = 86'400'000;
  static constexpr std::int64_t kBucketMs = 5 * kMinuteMs;  ///< The usual bucket.
  static constexpr std::int64_t kLevelHalfLifeMs = 40 * kMinuteMs;
  static constexpr std::int64_t kMeanHalfLifeMs = 7 * kDayMs;
  static constexpr std::int64_t kBetweenAlarmsMs = kDayMs;
  static constexpr std::int64_t kWarmUpMs = kDayMs;  ///< Nothing is judged before that is known.
  static constexpr double kAlarm = 3.25;
  static constexpr double kCalm = 0.5;
  static constexpr double kMeanMin = 1.0;  ///< Events a bucket, for the smallest deviation.

  /// For counts of buckets of that length (1 s to a day). `begin`: when counting began, of all
  /// series: from then on a bucket without an event is a bucket with none.
  explicit BurstDetector(TimeMs begin, std::int64_t bucket_ms = kBucketMs);

  /// Buckets count from 1970.
  [[nodiscard]] std::int64_t bucket_of(TimeMs ts) const;
  [[nodiscard]] TimeMs begin_of(std::int64_t bucket) const { return bucket * bucket_ms_; }
  [[nodiscard]] std::int64_t bucket_ms() const { return bucket_ms_; }

  /// Counts events of a bucket. Whether a burst begins with them.
  bool add(BurstState& state, std::int64_t bucket, std::uint64_t count) const;

  /// How a series stands in a bucket that is not before its open one, with what came so far.
  [[nodiscard]] BurstScore score(const BurstState& state, std::int64_t bucket) const;

  /// The last bucket of a burst that is over by the end of `bucket`, if nothing comes any more;
  /// kNever: it is not over by then. Precondition: `state.burst`.
  [[nodiscard]] std::int64_t end_of_burst(const BurstState& state, std::int64_t bucket) const;

 private:
  void close(BurstState& state, std::int64_t bucket) const;
  [[nodiscard]] BurstScore judge(const BurstState& state, double level) const;

  std::int64_t bucket_ms_;
  std::int64_t begin_;                     // Bucket.
  double level_keeps_, weight_;            // What a bucket leaves of the level, and adds to it;
  double mean_keeps_;                      // what it leaves of sums,
  double level_rate_, mean_rate_;          // and the halvings that these are.
  std::int64_t warm_up_, between_alarms_;  // Buckets.
};

}  // namespace grapevine
