#pragma once

#include <memory_resource>
#include <string>
#include <string_view>

namespace grapevine {

/// What English calls an emoji, in words; empty: it is none of those that the lexicon names.
/// Emoji of several code points have no name, but their parts do.
std::string_view emoji_name(char32_t code_point);

/// The text with emoji in words, which are set apart from what stands before them, unless it is a
/// space, but not from what follows. The text itself where it has none; else what `scratch` holds.
/// Cost: a look-up for each code point that may be one.
std::string_view spell_out_emoji(std::string_view text, std::pmr::string& scratch);

}  // namespace grapevine
