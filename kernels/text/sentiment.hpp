#pragma once

#include <optional>
#include <string_view>

#include "kernels/text/language.hpp"

namespace grapevine {

/// Which rules, lexicon and weights `sentiment` goes by: noted beside every score that is kept.
/// Another one each time that any text may get another score.
inline constexpr std::string_view kSentimentModel = "2026-11-23";

/// The mood of a text. Beyond kMoodScore, up or down, a score is positive or negative.
struct Sentiment {
  Language language = Language::Other;
  std::optional<double> score;  ///< From -1 to 1, in ten-thousandths; none: unknown.
  double confidence = 0.0;      ///< About how likely a person agrees, from 0 to 1; 0 if unknown.

  friend bool operator==(const Sentiment&, const Sentiment&) = default;
};

/// The mood of a text of any bytes: English by rated words and rules, Korean by a trained model,
/// both where both occur, each by the share of the letters that it reads. Emoji count beside
/// Korean too, and by themselves, as emoticons do. Unknown is what has letters of neither
/// language, and what has no letters and no rated emoticon.
///
/// Cost    2 or 3 passes over the text; no memory from the heap below some 1,000 bytes.
/// Source  english_sentiment.hpp, korean_model.hpp.
Sentiment sentiment(std::string_view text);

}  // namespace grapevine
