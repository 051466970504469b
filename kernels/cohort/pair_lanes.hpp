#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace grapevine {

/// Room behind pairs that are written.
inline constexpr std::size_t kPairRoom = 16;

/// Rows as pairs of a customer's low half and a bucket, low << 8 | bucket, but for those that are the
/// same as the one right before them, in the widest vectors that the processor has.
///
/// Shapes  low_buckets: a bucket, below 256, for each of `lows`, and one element before the first; they
///         become pairs. That element is a pair that the first one is compared with. pairs: kPairRoom
///         more than lows. The answer: how many pairs there are.
std::size_t find_pairs(std::span<const std::uint16_t> lows, std::span<std::uint32_t> low_buckets,
                       std::uint32_t* pairs);

/// Finds the buckets of marks of PartActivity by a product, as LaneBuckets does of rows.
struct MarkBuckets {
  std::uint32_t before = 0;   ///< The quarter hour in which bucket 0 begins; wraps.
  std::uint32_t span = 0;     ///< Quarter hours in all buckets together.
  std::uint32_t inverse = 0;  ///< 2^shift / the quarter hours of a bucket, rounded up.
  int shift = 0;

  /// Quarter hours from the first bucket's begin that the product is right for.
  static constexpr std::uint32_t kSpanMax = std::uint32_t{1} << 14;

  /// Precondition: a bucket has `width` quarter hours, at least 1; count × width <= kSpanMax.
  MarkBuckets(std::uint32_t begin, std::uint32_t width, std::uint32_t count);
};

/// The same for marks, but for those that are in no bucket.
///
/// Shapes  scratch: an element more than marks. Its first one is a pair that the first mark's is
///         compared with; its last one becomes the one for the marks that follow, where it is
///         moved to the front.
std::size_t find_pairs(std::span<const std::uint32_t> marks, const MarkBuckets& buckets,
                       std::span<std::uint32_t> scratch, std::uint32_t* pairs);

}  // namespace grapevine
