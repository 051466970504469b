#pragma once

#include <array>
#include <charconv>

namespace grapevine {

/// The double of the shortest decimal that reads back to the same float: 4.3 of what was sent as 4.3
/// and kept in 32 bits.
inline double short_decimal(float number) {
  std::array<char, 32> digits;
  const auto written = std::to_chars(digits.begin(), digits.end(), number);
  double decimal = 0.0;
  std::from_chars(digits.begin(), written.ptr, decimal);
  return decimal;
}

}  // namespace grapevine
