#pragma once

#include <cstddef>
#include <string_view>

namespace grapevine {

/// Where the link or @name ends that begins at `at`, the beginning of a token; `at`: none does.
/// Names and links say nothing about the language or the mood of a text.
///
/// Links begin with http://, https:// or www. in small letters and reach to the next byte that is
/// no visible ASCII; a name is what follows an @ of ASCII letters, digits and underscores.
std::size_t end_of_link(std::string_view text, std::size_t at);

}  // namespace grapevine
