#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace grapevine {

/// Picks one of some elements by chance, in proportion to their weights, in two memory accesses.
/// Immutable; thread-safe.
/// Source  Walker, ACM TOMS 3 (1977) 253-256; Vose, IEEE TSE 17 (1991) 972-975 (the alias method).
class WeightedPick {
 public:
  /// Shapes  weights: finite, at least 0, with a finite sum above 0.
  /// Cost    O(elements), 16 bytes each.
  explicit WeightedPick(std::span<const double> weights);

  /// The element that two independent draws of 64 fair bits pick. An element of weight 0 never is.
  [[nodiscard]] std::size_t pick(std::uint64_t column_bits, std::uint64_t keep_bits) const;

 private:
  struct Column {
    double keep = 1.0;  // The chance to stay in this column.
    std::size_t other = 0;
  };
  std::vector<Column> columns_;
};

/// One of `count` elements, evenly (Lemire's multiplication; the bias is below count / 2^64).
constexpr std::size_t pick_evenly(std::uint64_t bits, std::size_t count) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::size_t>(Wide{bits} * count >> 64);
}

/// A number in [0, 1) from 64 fair bits.
constexpr double unit_interval(std::uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

}  // namespace grapevine
