#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "kernels/listen/bounds_finder.hpp"
#include "kernels/listen/groups_of_run.hpp"
#include "kernels/listen/mood_reader.hpp"
#include "kernels/listen/repeated_pairs.hpp"
#include "kernels/listen/seen_in_cells.hpp"
#include "kernels/listen/voice.hpp"
#include "kernels/segment/run_range.hpp"

namespace grapevine {

/// Customers whose mentions are counted together. More than a task of other kernels has: mentions are
/// few, and each run is looked at once for each.
inline constexpr std::size_t kVoicesTogether = 8 * kCustomersPerTask;

/// By mood, as note_moods has it; 0 where it is not known.
using Moods = std::array<std::uint32_t, 4>;

/// Somebody who stands in a list.
struct Listed {
  std::uint32_t list;
  CustomerId speaker;
};

/// Who speaks of one stretch of customers.
struct StretchSpeakers {
  std::vector<Listed> of_groups;
  std::vector<Listed> of_cells;
};

/// What a worker counts and keeps from stretch to stretch.
struct VoiceTally {
  struct Cell {
    Moods moods{};
    std::uint32_t repeats = 0;  ///< Mentions by people who had mentioned it before.
  };
  /// What is read of a run, kept ready.
  struct RunReaders {
    GroupsOfRun groups;
    MoodReader moods;
  };

  std::vector<Cell> cells;
  std::vector<std::uint64_t> people_of_groups;
  std::array<Moods, 2> totals{};  ///< By period.
  std::array<Moods, 2> apart{};
  std::array<std::uint64_t, 2> grouped{};
  std::vector<std::unique_ptr<RunReaders>> runs;

  // Scratch.
  std::vector<std::uint64_t> masks;  ///< Of the stretch's customers: see SpeakerMasks.
  std::vector<std::uint8_t> mask;
  std::vector<GroupedRow> rows;
  /// Mentions in a group, which wait to be counted: parallel.
  std::vector<std::uint32_t> cell_of_pair;
  std::vector<std::uint16_t> person_of_pair;
  std::vector<std::uint8_t> mood_of_pair;
  RepeatedPairs repeated;
  SeenInCells in_cells;   ///< Where pairs are too many to wait until the end.
  SeenInCells in_groups;  ///< Where these are too many for masks.
};

/// Counts the mentions of a stretch of customers: first `walk` the rows of each run, then `finish`.
class VoiceStretch {
 public:
  /// `first`: the first of the stretch's customers, who own whole words of the totals' sets.
  /// `voice` has its shape already, and gets the speakers of totals and the masks.
  VoiceStretch(const VoiceQuestion& question, const BoundsFinder& finder, std::size_t first,
               VoiceTally& tally, StretchSpeakers& speakers, Voice& voice);

  /// Returns how many mentions were counted, each once for each of its groups.
  /// Shapes  mask: a byte a row of `rows`, 0 where it is not meant; empty: all are.
  std::size_t walk(const Run& run, VoiceTally::RunReaders& readers, RowRange rows,
                   std::span<const std::uint8_t> mask);
  void finish();

 private:
  void pick(std::size_t count, const std::uint8_t* mask);
  void locate(const Run& run, std::size_t begin);
  void set_apart();
  void add_to_totals();
  void add_pairs();
  void count_pairs(bool are_all);
  void list_pairs(std::span<const std::uint32_t> repeats);
  void list_of_groups(std::size_t list, std::uint16_t person);
  void hand_over_masks();

  static constexpr std::size_t kRowsTogether = MoodReader::kReadTogether;

  const VoiceQuestion& question_;
  const BoundsFinder finder_;
  std::uint32_t first_;
  VoiceTally& tally_;
  StretchSpeakers& speakers_;
  Voice& voice_;
  std::size_t lists_;               // Of groups.
  std::uint64_t* masks_ = nullptr;  // Of the tally; nullptr: the lists are too many.
  bool has_apart_ = false;          // Some of the stretch's customers stand apart.
  bool is_spilled_ = false;         // Pairs were counted before the end.

  // By row of a block.
  std::array<std::uint16_t, kRowsTogether> persons_;
  std::array<std::uint8_t, kRowsTogether> periods_;
  std::array<std::uint32_t, kRowsTogether>
      places_;  // Of buckets, behind them those of the period before.
  std::array<std::uint8_t, kRowsTogether> moods_;
};

}  // namespace grapevine
