#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace grapevine {

/// So many neighbours of each listener are looked at together.
inline constexpr std::size_t kHeardTogether = 4;

/// What listeners hear of their first few neighbours: their masks put together, in the widest
/// vectors that the processor has.
///
/// Shapes  begins: listeners + 1, where each one's neighbours begin, ascending; neighbors: at least
///         begins.back() of them, and at least one; masks: by vertex, and behind them a 0; heard: by listener.
/// Cost    kHeardTogether gathers a listener, whether he has so many or not.
void hear_first(std::span<const std::uint32_t> begins, std::span<const std::uint32_t> neighbors,
                std::span<const std::uint32_t> masks, std::span<std::uint32_t> heard);

/// Adds up in how many masks each bit is, from the lowest on.
///
/// Shapes  counts: of up to 32 bits. Cost: half an operation of a vector for each bit.
void count_bits(std::span<const std::uint32_t> masks, std::span<std::uint64_t> counts);

}  // namespace grapevine
