#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace grapevine {

/// Who was seen in which cell: pairs of numbers in an open table that is emptied in one step. Not
/// thread-safe.
class SeenInCells {
 public:
  static constexpr unsigned kCellBits = 22;
  static constexpr unsigned kPersonBits = 12;

  /// Forgets everybody. Cost: none, but for each 2^30th time.
  void clear() {
    size_ = 0;
    if (++age_ == std::uint64_t{1} << (64 - kPairBits)) {
      slots_.assign(slots_.size(), 0);
      age_ = 1;
    }
  }

  /// Whether the person was not seen there yet. Precondition: cell < 2^22, person < 2^12.
  /// Cost: one or two looks.
  bool add(std::uint64_t cell, std::uint64_t person) {
    if (2 * size_ >= slots_.size()) grow();
    const bool is_new = put(age_ << kPairBits | cell << kPersonBits | person);
    size_ += is_new ? 1 : 0;
    return is_new;
  }

 private:
  static constexpr unsigned kPairBits = kCellBits + kPersonBits;

  bool put(std::uint64_t pair) {
    // Fibonacci hashing: the upper bits of a product with 2^64 over the golden ratio.
    std::size_t slot = (pair << (64 - kPairBits)) * 0x9E37'79B9'7F4A'7C15 >> shift_;
    while (slots_[slot] >> kPairBits == age_) {
      if (slots_[slot] == pair) return false;
      slot = (slot + 1) & (slots_.size() - 1);
    }
    slots_[slot] = pair;
    return true;
  }

  void grow() {
    const std::vector<std::uint64_t> before = std::move(slots_);
    slots_.assign(before.empty() ? 1024 : 2 * before.size(), 0);
    shift_ = 64 - static_cast<unsigned>(std::countr_zero(slots_.size()));
    for (const std::uint64_t pair : before) {
      if (pair >> kPairBits == age_) put(pair);
    }
  }

  std::vector<std::uint64_t> slots_;  // A pair, above it the age in which it came; else 0.
  unsigned shift_ = 64;
  std::uint64_t age_ = 1;
  std::size_t size_ = 0;
};

}  // namespace grapevine
