#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/listen/vocabulary.hpp"

namespace grapevine {

/// What each word is counted as: the code of its stem in the same vocabulary, to which stems are
/// added; kWordGap for what is not counted (stop words, single letters, single syllables of Hangul,
/// words that do not occur).
///
/// A Korean word is cut behind the syllables that hold together best: of l syllables, the one with the
/// largest (count of words that begin with them / count of words that begin with the first one) to
/// the power of 1 / (l - 1), at least two, of equal ones the longest. Then particles at the end go,
/// where other words begin with what is left, too. So no dictionary of Korean is needed. Other words
/// are their own stems.
///
/// Shapes  counts: how often each code occurs; codes beyond its end do not. Result: for those codes.
/// Cost    O(words), in parallel over the first syllables; the first time, or of new words, their
///         order beside.
/// Source  The cohesion score is that of the package soynlp (H. Kim, 2017).
std::vector<std::uint32_t> stem_words(Vocabulary& vocabulary,
                                      std::span<const std::uint64_t> counts);

}  // namespace grapevine
