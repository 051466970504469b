#pragma once

#include <string>
#include <string_view>

namespace grapevine {

/// What a reader sees of a fragment of HTML: tags and comments are left out, `br` and the end of a
/// block become line breaks, character references (named: amp, lt, gt, quot, apos, nbsp) become
/// what they stand for, space at both ends goes. A `<` that begins no tag stays. Knows no more of
/// HTML than posts are written in, and takes any text.
/// Shapes  html is UTF-8; the text is too, and has no U+0000.
std::string html_to_text(std::string_view html);

}  // namespace grapevine
