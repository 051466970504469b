#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace grapevine::sql {

constexpr bool is_time_digit(char c) { return c >= '0' && c <= '9'; }

/// Reads numbers and separators from the front of a text.
struct TimeScanner {
  std::string_view text;
  std::size_t at = 0;

  [[nodiscard]] bool done() const { return at >= text.size(); }
  [[nodiscard]] char peek() const { return at < text.size() ? text[at] : '\0'; }
  bool take(char wanted) {
    if (peek() != wanted || done()) return false;
    ++at;
    return true;
  }
  // As many digits as there are, up to `most`; their value does not overflow for 18.
  std::size_t digits(std::int64_t& value, std::size_t most = 18) {
    value = 0;
    std::size_t count = 0;
    while (count < most && is_time_digit(peek())) {
      value = value * 10 + (text[at++] - '0');
      ++count;
    }
    return count;
  }
  // Digits after a point as nanoseconds; those beyond are passed over.
  std::int64_t fraction() {
    std::int64_t value = 0;
    std::int64_t weight = 100'000'000;
    for (; is_time_digit(peek()); ++at) {
      value += (text[at] - '0') * weight;
      weight /= 10;
    }
    return value;
  }
};

}  // namespace grapevine::sql
