#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace grapevine {

/// Who was seen in which cell: pairs of numbers in an open table that is emptied in one step. Not
/// thread-safe.
class SeenInCells {
 public:
  static constexpr unsigned kCellBits = 22;
  static constexpr unsigned kPersonBits = 15;

  /// Forgets everybody. Cost: none, but for each 2^27th time.
  void clear() {
    size_ = 0;
    if (++age_ == std::uint64_t{1} << (64 - kPairBits)) {
      slots_.assign(slots_.size(), 0);
      age_ = 1;
    }
  }

  /// Whether the person was not seen there yet. Precondition: cell < 2^22, person < 2^15.
  /// Cost: one or two looks.
  bool add(std::uint32_t cell, std::uint16_t person) {
    if (2 * size_ >= slots_.size()) grow();
    const bool is_new = Table(*this).put(pair_of(cell, person));
    size_ += is_new ? 1 : 0;
    return is_new;
  }

  /// The same of many, one after the other. Shapes: cells, persons and is_new are parallel.
  void add_all(std::span<const std::uint32_t> cells, std::span<const std::uint16_t> persons,
               std::span<std::uint8_t> is_new) {
    while (2 * (size_ + cells.size()) >= slots_.size()) grow();
    Table table(*this);
    std::size_t added = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      is_new[i] = table.put(pair_of(cells[i], persons[i])) ? 1 : 0;
      added += is_new[i];
    }
    size_ += added;
  }

 private:
  static constexpr unsigned kPairBits = kCellBits + kPersonBits;

  static std::uint64_t pair_of(std::uint32_t cell, std::uint16_t person) {
    return std::uint64_t{cell} << kPersonBits | person;
  }

  // The slots for a while, in copies that no write to them can change.
  struct Table {
    explicit Table(SeenInCells& of)
        : slots(of.slots_.data()), mask(of.slots_.size() - 1), age(of.age_), shift(of.shift_) {}

    bool put(std::uint64_t pair) {
      // Fibonacci hashing: the upper bits of a product with 2^64 over the golden ratio.
      std::size_t slot = (pair << (64 - kPairBits)) * 0x9E37'79B9'7F4A'7C15 >> shift;
      const std::uint64_t aged = age << kPairBits | pair;
      while (slots[slot] >> kPairBits == age) {
        if (slots[slot] == aged) return false;
        slot = (slot + 1) & mask;
      }
      slots[slot] = aged;
      return true;
    }

    std::uint64_t* slots;
    std::size_t mask;
    std::uint64_t age;
    unsigned shift;
  };

  void grow() {
    const std::vector<std::uint64_t> before = std::move(slots_);
    slots_.assign(before.empty() ? 1024 : 2 * before.size(), 0);
    shift_ = 64 - static_cast<unsigned>(std::countr_zero(slots_.size()));
    Table table(*this);
    for (const std::uint64_t aged : before) {
      if (aged >> kPairBits == age_) table.put(aged & ((std::uint64_t{1} << kPairBits) - 1));
    }
  }

  std::vector<std::uint64_t> slots_;  // A pair, above it the age in which it came; else 0.
  unsigned shift_ = 64;
  std::uint64_t age_ = 1;
  std::size_t size_ = 0;
};

}  // namespace grapevine
