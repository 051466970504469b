#include "api/sql/parse/text.hpp"

#include <algorithm>

#include <absl/strings/ascii.h>

namespace grapevine::sql {

bool same_word(std::string_view left, std::string_view right) {
  const auto lower = [](char letter) {
    return absl::ascii_tolower(static_cast<unsigned char>(letter));
  };
  return left.size() == right.size() &&
         std::equal(left.begin(), left.end(), right.begin(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string text;
  for (const std::string& part : parts) {
    if (&part != &parts.front()) text += between;
    text += part;
  }
  return text;
}

}  // namespace grapevine::sql
