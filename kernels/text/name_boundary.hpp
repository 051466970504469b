#pragma once

#include <cstddef>
#include <string_view>

namespace grapevine {

/// Whether a name may begin at `begin`: before Latin letters and digits stands neither of them,
/// before Hangul no Hangul. Other scripts have no such bounds.
bool begins_name(std::string_view text, std::size_t begin);

/// Whether a name may end before `end` > 0: after Latin letters and digits comes neither of them;
/// after Hangul no Hangul but particles, up to three: the name in "그레이프에서는" is 그레이프.
bool ends_name(std::string_view text, std::size_t end);

}  // namespace grapevine
