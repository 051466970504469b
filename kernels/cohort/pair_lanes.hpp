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

}  // namespace grapevine
