#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <span>
#include <vector>

#include "kernels/text/korean_negation.hpp"

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

/// Calls `body(place, first, last)` for the n-grams of for_each_korean_feature: from which symbol to
/// which they reach, both included.
template <typename Body>
void for_each_ngram(std::span<const char32_t> symbols, std::pmr::memory_resource* memory,
                    const Body& body) {
  constexpr std::uint64_t kSpaced = 0x1234567;
  constexpr std::uint64_t kUnspaced = 0x7777777;
  std::pmr::vector<std::uint32_t> letters(memory);  // Where they stand.
  letters.reserve(symbols.size());
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    std::uint64_t hash = extend_ngram(kSpaced, symbols[i]);
    if (symbols[i] != ' ') {
      body(feature_of(hash), i, i);
      letters.push_back(static_cast<std::uint32_t>(i));
    }
    for (std::size_t n = 1; n < 3 && i + n < symbols.size(); ++n) {
      hash = extend_ngram(hash, symbols[i + n]);
      body(feature_of(hash), i, i + n);
    }
  }
  for (std::size_t i = 0; i + 3 <= letters.size(); ++i) {
    std::uint64_t hash = kUnspaced;
    for (std::size_t n = 0; n < 3; ++n) hash = extend_ngram(hash, symbols[letters[i + n]]);
    body(feature_of(hash), letters[i], letters[i + 2]);
    if (i + 4 <= letters.size()) {
      hash = extend_ngram(hash, symbols[letters[i + 3]]);
      body(feature_of(hash), letters[i], letters[i + 3]);
    }
  }
}

/// Calls `body(place, turned)` for every feature of a normalised text, as often as it occurs: n-grams
/// of 1 to 3 symbols, spaces being symbols, and of 3 and 4 symbols with the spaces taken out, since
/// many write Korean without or with others. An n-gram all of which is negated counts as the
/// opposite of itself (`turned`), and what is negated also has features of its own: how it begins.
/// What is silent (korean_negation.hpp) has none. Cost: five features a symbol.
/// Source: Ikeda et al., IJCNLP 2008 (a word's weight, turned around where it is shifted, is learned
/// from both); Pang, Lee & Vaithyanathan, EMNLP 2002 (features of negated words).
template <typename Body>
void for_each_korean_feature(std::span<const char32_t> symbols, std::pmr::memory_resource* memory,
                             const Body& body) {
  const std::pmr::vector<NegationScope> scopes = find_korean_negation(symbols, memory);
  if (scopes.empty()) {
    for_each_ngram(symbols, memory,
                   [&](std::uint32_t place, std::size_t, std::size_t) { body(place, false); });
    return;
  }
  // Lists where each stretch of one scope ends, so that an n-gram is looked at once.
  std::pmr::vector<std::uint32_t> ends(symbols.size(), 0, memory);
  for (std::size_t i = symbols.size(); i-- > 0;) {
    const bool goes_on = i + 1 < symbols.size() && scopes[i + 1] == scopes[i];
    ends[i] = goes_on ? ends[i + 1] : static_cast<std::uint32_t>(i + 1);
  }
  for_each_ngram(symbols, memory, [&](std::uint32_t place, std::size_t first, std::size_t last) {
    const bool within = last < ends[first];
    if (within && scopes[first] == NegationScope::Silent) return;
    body(place, within && scopes[first] == NegationScope::Turned);
  });
  constexpr std::uint64_t kNegated = 0x5555555;
  for (std::size_t i = 0; i < symbols.size(); i = ends[i]) {
    if (scopes[i] != NegationScope::Turned) continue;
    const std::size_t begin = i + (symbols[i] == ' ' ? 1 : 0);
    std::uint64_t hash = kNegated;
    for (std::size_t n = begin; n < ends[i] && n < begin + 3; ++n) {
      hash = extend_ngram(hash, symbols[n]);
      body(feature_of(hash), false);
    }
  }
}

}  // namespace grapevine
