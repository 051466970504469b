#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace grapevine {

/// How many bits are set in both, in the widest vectors that the processor has.
/// Shapes  As many words in `a` as in `b`.
std::uint64_t count_common_bits(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b);

}  // namespace grapevine
