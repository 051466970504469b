#pragma once

#include <string>
#include <string_view>

namespace grapevine::tests {

/// What is wrong with an answer in TabSeparatedWithNamesAndTypes; empty: nothing. Names and types must
/// be the same, and values, where those of Float64 may differ by 1e-12 of their size and those of
/// Float32 by 1e-6. `unordered`: rows may come in any order.
std::string rows_mismatch(std::string_view expected, std::string_view answered, bool unordered);

}  // namespace grapevine::tests
