#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace grapevine {

/// A member of a JSON object as it stands in the text: the name without quotes, escapes as sent.
struct RawMember {
  std::string_view name;
  std::string_view value;
};

// Cuts a container at its own commas and leaves the inside of every value unread, so that one value
// that cannot be parsed does not take the others with it. nullopt: it is no such container, or
// brackets and strings do not close.

std::optional<std::vector<RawMember>> split_object(std::string_view text);
std::optional<std::vector<std::string_view>> split_array(std::string_view text);

}  // namespace grapevine
