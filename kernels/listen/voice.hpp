#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/listen/counted_voices.hpp"
#include "kernels/listen/group_dimension.hpp"
#include "kernels/listen/speaker_lists.hpp"
#include "kernels/listen/speaker_masks.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "kernels/segment/event_selection.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// How often something was mentioned, and in what mood: see note_moods.
struct MoodCounts {
  std::uint64_t unknown = 0;
  std::uint64_t neutral = 0;
  std::uint64_t positive = 0;
  std::uint64_t negative = 0;

  [[nodiscard]] std::uint64_t scored() const { return neutral + positive + negative; }
  [[nodiscard]] std::uint64_t mentions() const { return unknown + scored(); }
  void add(const MoodCounts& other);
  friend bool operator==(const MoodCounts&, const MoodCounts&) = default;
};

/// Buckets of a period, and the stretch of the same length that is held beside it.
struct VoicePeriod {
  std::vector<TimeMs>
      bounds;       ///< Where each bucket begins, ascending, and where the last one ends.
  TimeMs from = 0;  ///< What lies before it, or not before `to`, does not count: bounds may
  TimeMs to = 0;    ///< reach beyond.
  /// The period before is that much earlier, buckets and all; 0: there is none.
  TimeMs before_ms = 0;

  [[nodiscard]] std::size_t buckets() const { return bounds.size() - 1; }
  [[nodiscard]] std::size_t periods() const { return before_ms == 0 ? 1 : 2; }
};

struct VoiceQuestion {
  /// Which rows are mentions: no row is in two of these. Their windows do not matter.
  std::vector<EventSelection> mentions;
  VoicePeriod period;
  /// Filters, and what is counted by: a cell is a group of each.
  std::vector<GroupDimension> dimensions;
  std::size_t filters = 0;      ///< So many of the first ones are filters.
  bool lists_of_groups = true;  ///< Whether it is asked for who speaks of each group,
  bool lists_of_cells = true;   ///< and of each cell.
  /// Whose masks are asked for, ascending: in the place of lists of groups, where these are few.
  std::span<const CustomerId> people = {};
  /// Voices that are counted apart, in Voice::Total, of all customers; nullptr: there are none.
  const CustomerSet* apart = nullptr;
  CountedVoices counted = CountedVoices::Others;
};

/// Counts by group, period (0, and 1 for the one before) and bucket.
struct Voice {
  static constexpr std::size_t kCellsMax = std::size_t{1} << 22;
  static constexpr std::size_t kMentionsMax = std::size_t{1} << 27;

  std::size_t groups = 0;
  std::size_t periods = 0;
  std::size_t buckets = 0;
  std::vector<MoodCounts> cells;
  std::vector<std::uint64_t> people;            ///< By cell: how many different people speak.
  std::vector<std::uint64_t> people_of_groups;  ///< By group × periods + period.
  /// Which of the question's people speak of each group and period, and behind these lists of each
  /// period, whatever the group. No lists: they were not asked for, or would be more than 64.
  SpeakerMasks masks;
  /// Who speaks of each group and period, everyone once, where it was asked for and no masks say it.
  SpeakerLists speakers_of_groups;
  SpeakerLists speakers;  ///< Of each cell, if asked for.

  /// Of each period, whatever their groups: every mention once.
  struct Total {
    MoodCounts counts;
    std::uint64_t grouped = 0;  ///< Mentions that are in some group.
    CustomerSet speakers;
    MoodCounts apart;  ///< Of the voices that stand apart, whether they count or not.
    CustomerSet speakers_apart;
    friend bool operator==(const Total&, const Total&) = default;
  };
  std::vector<Total> totals;

  [[nodiscard]] std::size_t cell(std::size_t group, std::size_t period, std::size_t bucket) const {
    return (group * periods + period) * buckets + bucket;
  }
  friend bool operator==(const Voice&, const Voice&) = default;
};

/// Counts mentions, their moods and who speaks.
///
/// Shapes  Groups of several dimensions are numbered as their product: the last one counts fastest.
/// Errors  InvalidArgument: more than kCellsMax cells or, with groups, kMentionsMax mentions.
///         Cancelled: `stop` was requested.
/// Cost    One pass over time, sentiment and the columns of dimensions of the rows in both periods, a
///         stretch of customers at a time; 20 bytes a cell and thread, 12 for each one in a list, 8
///         for each one whose mask is asked for.
///         The same bits for any number of threads.
absl::StatusOr<Voice> count_voice(const Snapshot& snapshot, const VoiceQuestion& question,
                                  const Stop& stop);

}  // namespace grapevine
