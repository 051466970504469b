#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace grapevine::sql {

/// The text that one with backslashes stands for: \n, \t, \\, \', \x41, ...; what stands behind another
/// backslash stands for itself. nullopt: it ends with a lone backslash, or \x has no two digits.
std::optional<std::string> without_backslashes(std::string_view text);

}  // namespace grapevine::sql
