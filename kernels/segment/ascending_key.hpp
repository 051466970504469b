#pragma once

#include <bit>
#include <cstdint>

#include "storage/date_time.hpp"

namespace grapevine {

inline constexpr std::uint64_t kKeySignBit = std::uint64_t{1} << 63;

/// A number as an unsigned one: the order of keys is the order of the numbers.
constexpr std::uint64_t ascending_key(std::int64_t number) {
  return static_cast<std::uint64_t>(number) ^ kKeySignBit;
}
constexpr std::uint64_t ascending_key(DateTime time) { return ascending_key(time.ms); }
/// The same of a double that is a number: negative ones are turned round, and there is one zero.
constexpr std::uint64_t ascending_key(double number) {
  const auto bits = std::bit_cast<std::uint64_t>(number + 0.0);
  return (bits & kKeySignBit) != 0 ? ~bits : bits | kKeySignBit;
}

/// The number that a key was made of.
constexpr std::int64_t int64_of_key(std::uint64_t key) {
  return static_cast<std::int64_t>(key ^ kKeySignBit);
}
constexpr double double_of_key(std::uint64_t key) {
  return std::bit_cast<double>((key & kKeySignBit) != 0 ? key ^ kKeySignBit : ~key);
}

}  // namespace grapevine
