#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "storage/ids.hpp"
#include "storage/part.hpp"
#include "storage/value.hpp"

namespace grapevine {

/// A column from the bits of its values, as in DeltaCell, kept in the way that takes least room.
/// Shapes  present: a byte a row, 0 = null.
RunColumn make_column(ColumnId id, ValueType type, std::span<const std::uint64_t> bits,
                      std::span<const std::uint8_t> present);

/// A bit a row; nothing where every row is present.
std::vector<std::uint64_t> presence_mask(std::span<const std::uint8_t> present);

/// Notes that the next row of a run, `row`, came under `identity`.
void add_identity(Run& run, std::uint32_t row, CustomerId identity);

/// Whether an integer survives becoming a double.
constexpr bool exact_as_double(std::int64_t number) {
  constexpr std::int64_t kLargest = std::int64_t{1} << 53;
  return -kLargest <= number && number <= kLargest;
}

}  // namespace grapevine
