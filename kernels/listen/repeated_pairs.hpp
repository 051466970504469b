#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/listen/seen_in_cells.hpp"

namespace grapevine {

/// Finds who stands in a cell for a second time, exactly: pairs whose hash nobody else has are told
/// apart by two bits each, which fit a near cache; the few others go through a table. Not thread-safe.
class RepeatedPairs {
 public:
  /// The places of the pairs that stand at an earlier place, too; they ascend. Valid until the next
  /// call. Shapes: cells and persons are parallel. Preconditions: those of SeenInCells; fewer than
  /// 2^32 pairs. Cost: two passes, 4 bytes of bits for each pair.
  std::span<const std::uint32_t> find(std::span<const std::uint32_t> cells,
                                      std::span<const std::uint16_t> persons) {
    const std::size_t words = std::bit_ceil(std::max<std::size_t>(cells.size(), 64) * 16) / 64;
    shift_ = 64 - static_cast<unsigned>(std::countr_zero(words * 64));
    once_.assign(words, 0);
    again_.assign(words, 0);
    std::uint64_t* const once = once_.data();
    std::uint64_t* const again = again_.data();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::size_t slot = slot_of(cells[i], persons[i]);
      const std::uint64_t bit = std::uint64_t{1} << (slot % 64);
      const std::uint64_t before = once[slot / 64];
      again[slot / 64] |= before & bit;
      once[slot / 64] = before | bit;
    }
    repeats_.resize(cells.size());
    std::uint32_t* const found = repeats_.data();
    std::size_t size = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::size_t slot = slot_of(cells[i], persons[i]);
      found[size] = static_cast<std::uint32_t>(i);
      size += (again[slot / 64] >> (slot % 64)) & 1;
    }
    exact_.clear();
    std::size_t kept = 0;
    for (std::size_t i = 0; i < size; ++i) {
      if (!exact_.add(cells[found[i]], persons[found[i]])) found[kept++] = found[i];
    }
    return {found, kept};
  }

 private:
  // Fibonacci hashing: the upper bits of a product with 2^64 over the golden ratio.
  [[nodiscard]] std::size_t slot_of(std::uint32_t cell, std::uint16_t person) const {
    const std::uint64_t pair = std::uint64_t{cell} << SeenInCells::kPersonBits | person;
    return pair * 0x9E37'79B9'7F4A'7C15 >> shift_;
  }

  std::vector<std::uint64_t> once_;   // A bit a hash: some pair has it.
  std::vector<std::uint64_t> again_;  // More than one has.
  std::vector<std::uint32_t> repeats_;
  SeenInCells exact_;
  unsigned shift_ = 64;
};

}  // namespace grapevine
