#pragma once

#include <cstdint>
#include <string_view>

#include "kernels/text/english_tokens.hpp"
#include "kernels/text/script_counts.hpp"

namespace grapevine {

/// What a text is written in; `Mixed` is Korean and English side by side.
enum class Language : std::uint8_t { Korean, English, Mixed, Other };

/// Decides by counting letters, a Hangul syllable as three of the Latin script, as it says about as
/// much: Korean or Latin where one has six times the other's count, both otherwise; `Other` where
/// neither has a letter, or those of other scripts, each as three too, outweigh them.
///
/// Latin letters are English unless function words of one other language outnumber known English
/// ones (two at least, or no English one), or a fifth of the letters have accents and no English
/// word is known: people write English with names, slang and mistakes, so doubt means English.
/// Beside Korean it needs a known English word, since names of brands are written in Latin letters.
Language language_of(const ScriptCounts& scripts, const EnglishTokens& tokens);

/// The same of a text. Bytes that are no UTF-8 do not count. Cost: a pass or two.
Language language_of(std::string_view text);

}  // namespace grapevine
