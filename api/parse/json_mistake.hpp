#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace grapevine {

/// Where a text stops being JSON, and why.
struct JsonMistake {
  std::size_t byte = 0;
  std::string pointer;  ///< RFC 6901: the value in which it stands.
  std::string detail;   ///< Empty: there is no mistake.
};

/// Finds the first mistake of a text, reading it a byte at a time: for messages, once the fast
/// reader has refused it. Does not recurse. Cost: O(bytes).
JsonMistake find_json_mistake(std::string_view text, int levels_max);

/// `segment` as a part of a JSON pointer: ~ and / are escaped.
std::string escape_pointer(std::string_view segment);

}  // namespace grapevine
