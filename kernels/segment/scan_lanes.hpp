#pragma once

#include <cstdint>
#include <span>

#include "kernels/segment/value_test.hpp"

namespace grapevine {

// The innermost loops of a scan, in the widest vectors that the processor has.
//
// Shapes  values: 64 for each word of `accepted`. Bit i of word w tells of values[64 w + i].
// Cost    About the time to read the values from memory.

void accept_range(std::span<const std::int64_t> values, Range<std::int64_t> range,
                  std::span<std::uint64_t> accepted);
void accept_range(std::span<const double> values, Range<double> range,
                  std::span<std::uint64_t> accepted);
void accept_range(std::span<const std::uint32_t> values, Range<std::uint32_t> range,
                  std::span<std::uint64_t> accepted);
void accept_range(std::span<const std::uint8_t> values, Range<std::uint8_t> range,
                  std::span<std::uint64_t> accepted);
/// Those equal to `wanted`.
void accept_equal(std::span<const std::uint32_t> codes, std::uint32_t wanted,
                  std::span<std::uint64_t> accepted);
void accept_equal(std::span<const std::uint8_t> values, std::uint8_t wanted,
                  std::span<std::uint64_t> accepted);
/// Those whose bit is set in `code_bits`, 32 codes to an element; it has a bit for every code.
void accept_codes(std::span<const std::uint32_t> codes, std::span<const std::uint32_t> code_bits,
                  std::span<std::uint64_t> accepted);

/// Those whose bit is set among 256: that of value v is bit v / 16 % 8 of element v % 16, 16 further on
/// where v is 128 or more.
void accept_bytes(std::span<const std::uint8_t> values, std::span<const std::uint8_t, 32> bits,
                  std::span<std::uint64_t> accepted);

}  // namespace grapevine
