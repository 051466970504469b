#pragma once

#include <cstddef>
#include <string_view>

namespace grapevine {

/// Whether the words before `begin` deny in English what follows: see find_service_signs.
bool is_denied_before(std::string_view text, std::size_t begin);

/// Whether Korean denies what stands in [begin, end), by what is before and behind it.
bool is_denied_in_korean(std::string_view text, std::size_t begin, std::size_t end);

}  // namespace grapevine
