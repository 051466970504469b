#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <absl/container/btree_set.h>
#include <absl/container/flat_hash_map.h>

#include "api/live/alerts/new_mentions.hpp"
#include "api/plan/alert_document.hpp"
#include "kernels/listen/burst_detector.hpp"

namespace grapevine {

/// A burst that began, became larger or ended.
struct BurstStep {
  enum class Kind : std::uint8_t {
    Began,
    Joined,  ///< What was told is a burst of `other_subject`, too.
    Grew,
    Ended,
  };

  AlertSeries series;
  Kind kind = Kind::Ended;
  bool is_news = true;  ///< Of a beginning: see `restart`.
  TimeMs ts = 0;  ///< Of the event that made it; of an end the beginning of the first calm bucket.
  TimeMs since = 0;                 ///< Of a beginning: see AlertDocument.
  AlertFigures figures;             ///< By then.
  AlertMood mood = AlertMood::All;  ///< Of what grew: the one that its series has from now on.
  std::string other_subject = {};

  /// Of a beginning of the past: what became of it, where that is known. Else a step of its own says so.
  std::optional<AlertGrowth> grown = {};
  std::optional<TimeMs> ended = {};
};

/// Counts mentions in every series that they belong to, as they come in the order of time, and
/// says where bursts begin and end. A mention counts for its brand, its product and its topic, on
/// its channel, for all moods and for its own, which is the negative one where it tells of harm.
///
/// What the same mentions make is told once. A burst of all moods is not told while one of a mood makes
/// it; one that was told takes the mood of what turns out to make it. A burst of a brand that one of a product
/// makes joins that, or the other way round, whichever is first. The same mentions are told from
/// others by numbers: of two such bursts neither has over twice the other's.
///
/// A burst grew where its mentions are twice as many as when it was told last, or it became more severe.
///
/// Late mentions, up to a day behind their series, count as much as is left of their weight by now.
/// What is older is history: it is passed over, and wants everything to be counted anew in order.
/// Not thread-safe.
class BurstWatch {
 public:
  /// Series that are watched at once, 100 bytes each. Beyond them those go of which nothing came for
  /// 8 weeks; where there are none, new ones are not watched.
  static constexpr std::size_t kSeriesMax = 2'000'000;

  explicit BurstWatch(WatchedNames& names) : names_(names) {}

  /// What was not counted or judged before: mentions from a sequence on, or of after a time; and
  /// bursts of before a time.
  struct News {
    std::uint64_t from = 0;
    TimeMs after = 0;
    TimeMs before = 0;
  };
  /// Forgets everything, to count again. Until `settle` a burst is news only if it is of `before`,
  /// or has a mention that is, from a day before it on.
  void restart(const News& news);
  /// What comes from now on is news.
  void settle();

  void count(const WatchedMention& mention, std::vector<BurstStep>& steps);
  /// Ends the bursts that are over by `time`, if nothing comes any more.
  void end_bursts(TimeMs time, std::vector<BurstStep>& steps);

  /// An alarm was given for a series at a time, whatever was counted since: the next one comes a
  /// day later at the earliest.
  void know_alarm(const AlertSeries& series, TimeMs ts);
  [[nodiscard]] bool in_burst(const AlertSeries& series);

  /// From when on bursts are found; nullopt: nothing was counted.
  [[nodiscard]] std::optional<TimeMs> judged_from() const;

  /// The time of the oldest mention that was passed over since this was asked last.
  std::optional<TimeMs> take_history() { return std::exchange(history_, std::nullopt); }

  [[nodiscard]] std::size_t series() const { return states_.size(); }
  [[nodiscard]] std::size_t bursting() const { return bursting_.size(); }
  [[nodiscard]] std::uint64_t unwatched() const { return unwatched_; }

 private:
  struct Key {
    std::uint32_t subject = 0, channel = 0;
    AlertSubject about = AlertSubject::Brand;
    AlertMood mood = AlertMood::All;

    friend auto operator<=>(const Key&, const Key&) = default;
    template <typename Hash>
    friend Hash AbslHashValue(Hash hash, const Key& key) {
      return Hash::combine(std::move(hash), key.subject, key.channel, key.about, key.mood);
    }
  };

  // One that is under way.
  struct Burst {
    AlertFigures figures;
    double usual = 0.0;       // Mentions a bucket, before it began to raise its own mean.
    std::uint64_t noted = 0;  // So many mentions it had when it was told, or passed over, last;
    AlertSeverity severity = AlertSeverity::Notice;  // and was so severe.
    bool is_told = false;
    // Of a brand's the product, and the other way round, of the mention that made it.
    std::uint32_t beside = WatchedNames::kNone;
  };

  void count(const Key& key, const WatchedMention& mention, std::vector<BurstStep>& steps);
  void grow(const Key& key, const WatchedMention& mention, const BurstState& state,
            std::vector<BurstStep>& steps);
  void tell(const Key& key, const WatchedMention& mention, const BurstState& state,
            std::vector<BurstStep>& steps);
  [[nodiscard]] bool is_same(const Key& key, std::uint64_t count) const;
  [[nodiscard]] std::optional<Key> told_elsewhere(const Key& key, std::uint64_t count) const;
  [[nodiscard]] static Key beside(const Key& key, const Burst& burst);
  // Mentions that tell of harm, by bucket, ascending; those of before the burst's beginning go.
  using Harms = std::vector<std::pair<std::int64_t, std::uint64_t>>;
  void note_harm(const Key& key, const BurstState& state, std::int64_t bucket);
  [[nodiscard]] std::uint64_t harm_since(const Key& key, std::int64_t since) const;
  [[nodiscard]] bool is_news(const Key& key, const BurstStep& step) const;
  [[nodiscard]] Key key_of(const AlertSeries& series);
  [[nodiscard]] AlertSeries series_of(const Key& key) const;
  BurstState* state_of(const Key& key, std::int64_t bucket);
  [[nodiscard]] bool is_told_by_mood(const Key& key) const;
  void end(const Key& key, std::int64_t bucket, std::vector<BurstStep>& steps);

  WatchedNames& names_;
  std::optional<BurstDetector> detector_;  // From the first mention on.
  std::int64_t begin_ = 0;                 // Its bucket.
  absl::flat_hash_map<Key, BurstState> states_;
  absl::flat_hash_map<Key, Burst> bursting_;
  // What is beside a burst of a brand or a product, and that burst.
  absl::btree_set<std::pair<Key, Key>> by_beside_;
  absl::flat_hash_map<Key, Harms> harms_;
  std::optional<TimeMs> history_;
  bool is_again_ = false;  // What is counted was counted before, but for news:
  News news_;
  absl::flat_hash_map<Key, TimeMs> newest_news_;  // the time of a series' newest one.
  std::uint64_t unwatched_ = 0;                   // Mentions of series that found no room.
};

}  // namespace grapevine
