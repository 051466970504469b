#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace grapevine::sql {

inline void append(std::string& text, std::string_view part) { text += part; }
inline void append(std::string& text, std::integral auto number) { text += std::to_string(number); }

/// The parts one after the other: texts, and numbers in decimal.
template <typename... Parts>
std::string concat(const Parts&... parts) {
  std::string text;
  (append(text, parts), ...);
  return text;
}

/// Whether both are the same but for the case of ASCII letters.
bool same_word(std::string_view left, std::string_view right);

std::string joined(const std::vector<std::string>& parts, std::string_view between);

}  // namespace grapevine::sql
