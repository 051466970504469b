#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <span>

#include "kernels/text/korean_features.hpp"

namespace grapevine {

/// A logistic regression over hashed n-grams: how likely a Korean text praises.
///
/// Thread-safe: immutable.
struct KoreanModel {
  std::span<const std::int8_t> weights;  ///< kKoreanFeatures of them.
  double scale = 0.0;                    ///< What a weight of 1 is.
  double bias = 0.0;

  /// The one that is part of the binary: 64 bytes of header (eight of kKoreanModelMagic, `scale`,
  /// `bias` as little-endian doubles, zeros), then the weights.
  static const KoreanModel& embedded();
};

inline constexpr char kKoreanModelMagic[9] = "GVKOREA1";
inline constexpr std::size_t kKoreanModelHeaderBytes = 64;

/// The logarithm of the odds that a text praises, by a model. Sums are of integers, and what
/// follows is exactly rounded by IEEE 754, so that it is the same bits on every machine.
///
/// Shapes  symbols: as normalize_korean makes them.
/// Cost    A look at 1 MiB of weights for each feature, some five a symbol.
/// Source  Joachims, ECML 1998 (linear models of text); Weinberger et al., ICML 2009 (hashing);
///         Wang & Manning, ACL 2012 (weights of naive Bayes, by which the trainer scales).
double korean_log_odds(const KoreanModel& model, std::span<const char32_t> symbols,
                       std::pmr::memory_resource* memory);

}  // namespace grapevine
