#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace grapevine {

/// `json` with every whole number that no 64 bits hold in quotes, so that none of its digits is
/// lost; nullopt: it has none. What is no JSON stays none.
/// Cost    One pass: for texts whose parsing failed because of a number.
std::optional<std::string> quote_long_integers(std::string_view json);

}  // namespace grapevine
