#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/listen/word_streams.hpp"

namespace grapevine {

/// Two words that follow each other, as one number.
using Pair = std::uint64_t;
constexpr Pair pair_of(std::uint32_t first, std::uint32_t second) {
  return Pair{first} << 32 | second;
}

/// The stems of words that follow each other, in their order.
///
/// Shapes  stems: by word; kWordGap parts those beside it. pairs: place for as many as there are words.
///         Result: how many there are.
inline std::size_t find_pairs(std::span<const std::uint32_t> words,
                              std::span<const std::uint32_t> stems, Pair* pairs) {
  std::size_t found = 0;
  std::uint32_t before = kWordGap;
  for (const std::uint32_t word : words) {
    const std::uint32_t stem = stems[word];
    pairs[found] = pair_of(before, stem);
    found +=
        static_cast<std::size_t>(before != kWordGap) & static_cast<std::size_t>(stem != kWordGap);
    before = stem;
  }
  return found;
}

}  // namespace grapevine
