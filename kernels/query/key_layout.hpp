#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/query/key_codes.hpp"

namespace grapevine::sql {

/// Where the parts of a key stand when it is packed into as few words of 64 bits as it needs: their
/// numbers, and a bit for each that may be NULL. Immutable.
class KeyLayout {
 public:
  explicit KeyLayout(std::span<const KeyCodes::Part> parts);

  /// At least 1.
  [[nodiscard]] std::size_t words() const { return words_; }
  /// Shapes  packed[w] has `rows` words.
  void pack(std::span<const KeyCodes::Numbers> numbers, std::size_t rows,
            std::span<std::vector<std::uint64_t>> packed) const;
  /// The words of one row.
  void pack_row(std::span<const KeyCodes::Numbers> numbers, std::size_t row,
                std::span<std::uint64_t> words) const;
  /// What was packed for one part.
  [[nodiscard]] std::uint64_t number(std::span<const std::uint64_t> words, std::size_t part) const {
    const Place& place = places_[part];
    return place.bits == 0 ? 0 : (words[place.word] >> place.shift) & place.mask;
  }
  [[nodiscard]] bool is_null(std::span<const std::uint64_t> words, std::size_t part) const {
    const Place& place = places_[part];
    return place.bits == 0 || (place.nullable && (words[place.null_word] >> place.null_shift & 1));
  }

 private:
  struct Place {
    std::uint8_t bits = 0;
    bool nullable = false;
    std::uint8_t word = 0;
    std::uint8_t shift = 0;
    std::uint8_t null_word = 0;
    std::uint8_t null_shift = 0;
    std::uint64_t mask = 0;
  };

  std::vector<Place> places_;
  std::size_t words_ = 1;
};

/// A number of a block's row as it is, before NULL is looked at.
inline std::uint64_t number_of(const KeyCodes::Numbers& numbers, std::size_t row) {
  switch (numbers.numbers == nullptr ? 0 : numbers.width) {
    case 0: return numbers.value;
    case 1: return static_cast<const std::uint8_t*>(numbers.numbers)[row] ^ numbers.flip;
    case 2: return static_cast<const std::uint16_t*>(numbers.numbers)[row] ^ numbers.flip;
    case 4: return static_cast<const std::uint32_t*>(numbers.numbers)[row] ^ numbers.flip;
    default: return static_cast<const std::uint64_t*>(numbers.numbers)[row] ^ numbers.flip;
  }
}

/// Calls `body(pointer)` with the numbers as the unsigned integers that they are.
/// Precondition: they are not constant.
template <typename Body>
void visit_numbers(const KeyCodes::Numbers& numbers, const Body& body) {
  switch (numbers.width) {
    case 1: return body(static_cast<const std::uint8_t*>(numbers.numbers));
    case 2: return body(static_cast<const std::uint16_t*>(numbers.numbers));
    case 4: return body(static_cast<const std::uint32_t*>(numbers.numbers));
    default: return body(static_cast<const std::uint64_t*>(numbers.numbers));
  }
}

}  // namespace grapevine::sql
