#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/listen/topic_rows.hpp"
#include "kernels/parallel/stop.hpp"
#include "storage/dictionary.hpp"
#include "storage/part.hpp"

namespace grapevine {

/// The code of a gap between words: a dictionary of words has the empty text there.
inline constexpr std::uint32_t kWordGap = 0;

/// The words of the texts of one run, row by row, as codes of a dictionary of words; a kWordGap stands
/// where more than white space lies between two. Immutable once made.
struct WordStream {
  std::vector<std::uint32_t> begins;  ///< By row, and the end; empty: no row has a text.
  std::vector<std::uint32_t> words;

  [[nodiscard]] std::span<const std::uint32_t> of(std::size_t row) const {
    return std::span(words).subspan(begins[row], begins[row + 1] - begins[row]);
  }
  [[nodiscard]] std::size_t bytes() const {
    return (begins.capacity() + words.capacity()) * sizeof(std::uint32_t);
  }
};

/// Reads the texts of some runs, and adds words that are new to the dictionary.
///
/// Shapes  words: its code 0 is the empty text. Result: parallel to `runs`. `among`: the rows whose
///         texts are read, all others have no words; nullptr: all.
/// Errors  Cancelled: `stop` was requested. ResourceExhausted: a run has more than 2^32 words.
/// Cost    One pass over the texts, in parallel over stretches of rows; 4 bytes a word and row. Codes
///         depend on the threads, but not which words there are.
absl::StatusOr<std::vector<WordStream>> read_words(std::span<const Run* const> runs,
                                                   Dictionary& words, const Stop& stop,
                                                   const TopicRows* among = nullptr);

}  // namespace grapevine
