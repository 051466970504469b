#pragma once

#include <memory_resource>
#include <string_view>
#include <vector>

namespace grapevine {

/// A text as the Korean model reads it: small letters, syllables composed, what is repeated more
/// than twice written twice, each stretch of white space and control characters one space, and one
/// at both ends. Links, @names, joiners and bytes that are no UTF-8 are left out.
/// Cost: one pass; at most 4 bytes of `memory` a byte.
std::pmr::vector<char32_t> normalize_korean(std::string_view text,
                                            std::pmr::memory_resource* memory);

}  // namespace grapevine
