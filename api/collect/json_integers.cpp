#include "api/collect/json_integers.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>

namespace grapevine {
namespace {

// What may stand in a number; a text of these that is none is left to the parser.
constexpr std::string_view kNumberCharacters = "+-.0123456789eE";

bool is_long_integer(std::string_view number) {
  const std::string_view digits = number.substr(number.starts_with('-') ? 1 : 0);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos ||
      digits.front() == '0') {
    return false;
  }
  const char* const end = number.data() + number.size();
  if (number.front() == '-') {
    std::int64_t value = 0;
    return std::from_chars(number.data(), end, value).ec == std::errc::result_out_of_range;
  }
  std::uint64_t value = 0;
  return std::from_chars(number.data(), end, value).ec == std::errc::result_out_of_range;
}

// The length of the string at the front, with its quotes; of all the text where it does not end.
std::size_t string_length(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') return i + 1;
    if (text[i] == '\\') ++i;
  }
  return text.size();
}

}  // namespace

std::optional<std::string> quote_long_integers(std::string_view json) {
  std::string quoted;
  bool found = false;
  while (!json.empty()) {
    std::size_t length = 1;
    if (json.front() == '"') {
      length = string_length(json);
    } else if (json.front() == '-' || (json.front() >= '0' && json.front() <= '9')) {
      length = std::min(json.find_first_not_of(kNumberCharacters), json.size());
      if (is_long_integer(json.substr(0, length))) {
        quoted.append("\"").append(json.substr(0, length)).append("\"");
        json.remove_prefix(length);
        found = true;
        continue;
      }
    }
    quoted.append(json.substr(0, length));
    json.remove_prefix(length);
  }
  if (!found) return std::nullopt;
  return quoted;
}

}  // namespace grapevine
