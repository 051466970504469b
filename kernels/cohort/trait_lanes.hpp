#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace grapevine {

/// Adds to each score the weight of its code, in the widest vectors that the processor has; sums wrap.
///
/// Shapes  codes, scores: 64 for each word of `has`, whose bits say which of them are meant. weights:
///         256; `used`: no code that is meant is as large.
void add_weights(std::span<const std::uint8_t> codes, std::span<const std::uint64_t> has,
                 std::span<const std::uint32_t, 256> weights, std::size_t used,
                 std::span<std::uint32_t> scores);

}  // namespace grapevine
