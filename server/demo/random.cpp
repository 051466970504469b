#include "server/demo/random.hpp"

#include <array>
#include <bit>
#include <cstddef>

namespace grapevine::demo {
namespace {

constexpr std::size_t kSteps = 256;
constexpr std::uint64_t kLn2 = 45426;  // ln 2, in 1/65536.

// -ln(y) in 1/65536 for y in [0.5, 1], by the series of the inverse hyperbolic tangent.
constexpr std::uint32_t minus_log(double y) {
  const double ratio = (1.0 - y) / (1.0 + y);
  double power = ratio;
  double sum = 0.0;
  for (int odd = 1; odd < 60; odd += 2) {
    sum += power / odd;
    power *= ratio * ratio;
  }
  return (static_cast<std::uint32_t>(4.0 * sum * 65536.0) + 1) / 2;  // Rounded.
}

constexpr auto kMinusLog = [] {
  std::array<std::uint32_t, kSteps + 1> table{};
  for (std::size_t i = 0; i <= kSteps; ++i) {
    table[i] = minus_log(0.5 + static_cast<double>(i) / (2.0 * kSteps));
  }
  return table;
}();

}  // namespace

std::uint64_t exponential(std::uint64_t bits) {
  bits |= 1;
  // With u = y × 2^-halvings and y in [0.5, 1): -ln u = halvings × ln 2 - ln y.
  const auto halvings = static_cast<unsigned>(std::countl_zero(bits));
  const std::uint64_t y = bits << halvings;
  const std::size_t step = (y >> 55) & (kSteps - 1);
  const std::uint64_t between = (y >> 39) & 0xFFFF;
  const std::uint64_t fall = kMinusLog[step] - kMinusLog[step + 1];
  return halvings * kLn2 + kMinusLog[step] - ((fall * between) >> 16);
}

}  // namespace grapevine::demo
