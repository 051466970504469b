#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/listen/counted_voices.hpp"
#include "kernels/listen/group_dimension.hpp"
#include "kernels/listen/log_odds.hpp"
#include "kernels/listen/term_bursts.hpp"
#include "kernels/listen/vocabulary.hpp"
#include "kernels/listen/word_streams.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Which texts are held against the rest, and what is told of them.
struct TermQuestion {
  TimeMs until = 0;  ///< Texts from then on do not count at all.
  TimeMs from = 0;   ///< The selection's stretch: [from, to).
  TimeMs to = 0;
  std::vector<GroupDimension>
      filters;               ///< Of one group each; all of them hold of what is selected.
  std::uint8_t moods = 0xF;  ///< A bit for each mood that is selected: see note_moods.
  /// Rows of the snapshot beside which no text counts, neither as selected nor as one of the rest;
  /// nullptr: all do.
  std::shared_ptr<const TopicRows> among = nullptr;
  /// Voices that stand apart, of all customers; nullptr: there are none. Texts of those who do not count
  /// are neither selected nor of the rest.
  const CustomerSet* apart = nullptr;
  CountedVoices counted = CountedVoices::Others;

  std::size_t least = 3;         ///< Selected posts that a term is in; at least 2.
  std::size_t terms_max = 50;    ///< That are told.
  std::size_t examples_max = 3;  ///< Of each.
  std::vector<TimeMs> bounds;    ///< Buckets for bursts, as VoicePeriod has them; empty: none.
  /// Whose texts are no examples; nullptr: everybody's may be.
  std::function<bool(CustomerId)> is_hidden = nullptr;
};

/// A post as an example: a row of a run.
struct TermExample {
  TimeMs ts = 0;
  std::uint64_t sequence = 0;
  const Run* run = nullptr;
  std::size_t row = 0;
  friend bool operator==(const TermExample&, const TermExample&) = default;
};

/// A word, or two of which the second follows the first, by what posts have it.
struct Term {
  std::uint32_t word = kWordGap;    ///< Code of its stem.
  std::uint32_t second = kWordGap;  ///< Of pairs.
  TermCounts posts;
  double z = 0.0;                     ///< See log_odds_z.
  std::vector<TermExample> examples;  ///< The latest.
  std::vector<TermBurst> bursts;
  friend bool operator==(const Term&, const Term&) = default;
};

struct Terms {
  TermCounts posts;          ///< With a text.
  std::vector<Term> terms;   ///< By falling z, then by their bytes; above 0 alone.
  std::size_t compared = 0;  ///< Terms that are in enough selected posts.
};

/// The words of every run that has texts; nullptr: it has none.
using WordsOfRun = std::function<const WordStream*(const Run&)>;

/// The words and pairs that set the selected texts apart from all others up to `until`. A post counts
/// once for a term, however often it has it. Pairs are of neighbours in the text that are both counted,
/// with nothing but white space between; words are as stem_words has them.
///
/// Shapes  vocabulary: of the streams; stems are added.
/// Errors  Cancelled: `stop` was requested.
/// Cost    Some passes over the codes of words; 16 bytes for each word and thread, 24 for each pair
///         that is in `least` selected posts, and what count_pairs takes. The same bits for any number
///         of threads, whatever the codes are.
absl::StatusOr<Terms> find_terms(const Snapshot& snapshot, const TermQuestion& question,
                                 Vocabulary& vocabulary, const WordsOfRun& words_of,
                                 const Stop& stop);

}  // namespace grapevine
