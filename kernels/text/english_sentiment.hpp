#pragma once

#include <cstddef>

#include "kernels/text/english_tokens.hpp"

namespace grapevine {

/// What English text says of its writer's mood.
struct EnglishSentiment {
  double score = 0.0;           ///< From -1 to 1, in ten-thousandths.
  std::size_t rated_words = 0;  ///< Tokens with a valence that is not zero.
};

/// Scores a text by the words it holds that people have rated, and by rules of how others,
/// capitals and punctuation change them.
///
/// Shapes  text: what tokenize_english made of one whose emoji were spelled out.
/// Cost    A few looks at the neighbours of each rated word. Up to 1,024 of them "but" is followed
///         as exactly as the authors' program does, with that many comparisons each.
/// Source  Hutto & Gilbert, VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social
///         Media Text, ICWSM 2014; the authors' program, commit 44fc044.
EnglishSentiment english_sentiment(const EnglishTokens& text);

}  // namespace grapevine
