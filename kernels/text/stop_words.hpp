#pragma once

#include <string_view>

namespace grapevine {

/// Whether a word, in small letters, says nothing by itself: English and Korean function words, and
/// what Korean verbs of being and doing are in their usual forms.
bool is_stop_word(std::string_view word);

}  // namespace grapevine
