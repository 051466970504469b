#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace grapevine::sql {

/// A set of numbers below 2^32 - 1 that is filled and emptied many times: open addressing. Not
/// thread-safe.
class PairSet {
 public:
  /// Makes room for so many more.
  void reserve(std::size_t more) {
    if (2 * (used_ + more) <= slots_.size()) return;
    std::vector<std::uint32_t> old(std::bit_ceil(4 * (used_ + more)));
    old.swap(slots_);
    shift_ = 32 - std::countr_zero(slots_.size());
    used_ = 0;
    for (const std::uint32_t slot : old) {
      if (slot != 0) (void)insert(slot - 1);
    }
  }
  /// Whether the number is new. Precondition: there is room.
  bool insert(std::uint32_t number) {
    for (std::size_t at = home(number);; at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at] == number + 1) return false;
      if (slots_[at] != 0) continue;
      slots_[at] = number + 1;
      ++used_;
      return true;
    }
  }
  void prefetch(std::uint32_t number) const { __builtin_prefetch(&slots_[home(number)]); }
  /// In no order that means anything.
  template <typename Body>
  void for_each(const Body& body) const {
    for (const std::uint32_t slot : slots_) {
      if (slot != 0) body(slot - 1);
    }
  }
  void clear() {
    std::fill(slots_.begin(), slots_.end(), 0);
    used_ = 0;
  }
  [[nodiscard]] std::size_t bytes() const { return slots_.capacity() * sizeof(std::uint32_t); }

 private:
  [[nodiscard]] std::size_t home(std::uint32_t number) const {
    return (number * 0x9E3779B1U) >> shift_;
  }

  std::vector<std::uint32_t> slots_;  // Numbers + 1.
  int shift_ = 32;
  std::size_t used_ = 0;
};

}  // namespace grapevine::sql
