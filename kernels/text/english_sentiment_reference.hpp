#pragma once

#include <string_view>

namespace grapevine {

/// The score that english_sentiment gives a text, emoji included: the rules one after the other on
/// strings, every word looked for in maps and every phrase spelled out. Slow, and quadratic where
/// "but" occurs. For valid UTF-8.
double english_sentiment_reference(std::string_view text);

}  // namespace grapevine
