#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace grapevine {

/// Bits [begin, begin + bytes.size()) of words as bytes of 0 and 1, eight at a time.
inline void bytes_of_bits(std::span<const std::uint64_t> words, std::size_t begin,
                          std::span<std::uint8_t> bytes) {
  constexpr std::uint64_t kEach = 0x0101010101010101;
  constexpr std::uint64_t kOneBitEach = 0x8040201008040201;  // Byte k keeps bit k.
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    const std::size_t word = (begin + i) / 64;
    const std::size_t shift = (begin + i) % 64;
    std::uint64_t bits = words[word] >> shift;
    if (shift > 56) bits |= words[word + 1] << (64 - shift);
    const std::uint64_t kept = (bits & 0xFF) * kEach & kOneBitEach;
    const std::uint64_t ones = (kept + 0x7F * kEach) >> 7 & kEach;
    std::memcpy(bytes.data() + i, &ones, sizeof ones);
  }
  for (; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(words[(begin + i) / 64] >> ((begin + i) % 64) & 1);
  }
}

}  // namespace grapevine
