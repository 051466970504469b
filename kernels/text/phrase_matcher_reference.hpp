#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "kernels/text/phrase_matcher.hpp"

namespace grapevine {

/// What PhraseMatcher finds: each phrase tried at each place, and the letters around it looked at
/// in a list of code points. By end, then by phrase. For valid UTF-8.
std::vector<PhraseMatch> match_phrases_reference(std::span<const Phrase> phrases,
                                                 std::string_view text);

}  // namespace grapevine
