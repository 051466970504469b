#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <span>
#include <vector>

namespace grapevine {

/// The number of places that features are hashed to: what fits 1 MiB beside the model's header.
inline constexpr std::uint32_t kKoreanFeatures = (1u << 20) - 64;

/// An n-gram's hash, and what it is with one more symbol.
constexpr std::uint64_t extend_ngram(std::uint64_t hash, char32_t symbol) {
  hash = (hash ^ symbol) * 0xFF51AFD7ED558CCD;
  return hash ^ (hash >> 32);
}

/// The place of a hash, evenly among kKoreanFeatures.
constexpr std::uint32_t feature_of(std::uint64_t hash) {
  const std::uint64_t high = (hash * 0x9E3779B97F4A7C15) >> 32;
  return static_cast<std::uint32_t>((high * kKoreanFeatures) >> 32);
}

/// Calls `body(place)` for every feature of a normalised text, as often as it occurs: n-grams of 1
/// to 3 symbols, spaces being symbols, and of 3 and 4 symbols with the spaces taken out, since
/// many write Korean without or with others. Cost: five features a symbol.
template <typename Body>
void for_each_korean_feature(std::span<const char32_t> symbols, std::pmr::memory_resource* memory,
                             const Body& body) {
  constexpr std::uint64_t kSpaced = 0x1234567;
  constexpr std::uint64_t kUnspaced = 0x7777777;
  std::pmr::vector<char32_t> letters(memory);
  letters.reserve(symbols.size());
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    std::uint64_t hash = extend_ngram(kSpaced, symbols[i]);
    if (symbols[i] != ' ') {
      body(feature_of(hash));
      letters.push_back(symbols[i]);
    }
    for (std::size_t n = 1; n < 3 && i + n < symbols.size(); ++n) {
      hash = extend_ngram(hash, symbols[i + n]);
      body(feature_of(hash));
    }
  }
  for (std::size_t i = 0; i + 3 <= letters.size(); ++i) {
    std::uint64_t hash = kUnspaced;
    for (std::size_t n = 0; n < 3; ++n) hash = extend_ngram(hash, letters[i + n]);
    body(feature_of(hash));
    if (i + 4 <= letters.size()) body(feature_of(extend_ngram(hash, letters[i + 3])));
  }
}

}  // namespace grapevine
