#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/query/key_codes.hpp"
#include "kernels/query/key_layout.hpp"

namespace grapevine::sql {

/// The ranges that the parts of a key lie in: where they are few numbers in all, a key is one number,
/// which an array is looked into by. A value.
class KeyDomain {
 public:
  /// A key outside of the domain.
  static constexpr std::uint32_t kOutside = 0xFFFF'FFFF;

  explicit KeyDomain(std::span<const KeyCodes::Part> parts);

  /// Widens the ranges by those of a block; `codes` knows how many texts there are. Returns whether
  /// they were wide enough before.
  bool widen(const KeyCodes& codes, std::span<const KeyCodes::Numbers> numbers, std::size_t rows);
  /// The same by a packed key.
  void widen(const KeyCodes& codes, const KeyLayout& layout, std::span<const std::uint64_t> key);
  /// Makes room beyond what was seen, so that growing ranges do not widen with every block.
  void widen_ahead(std::uint64_t numbers_max);

  /// How many keys lie in the ranges; `at_most` + 1: more than that.
  [[nodiscard]] std::uint64_t size(std::uint64_t at_most) const;
  /// Sets the strides. Precondition: size() < 2^32.
  void freeze();
  /// The number of every row's key. Precondition: frozen. `check`: some may be outside.
  void indices(std::span<const KeyCodes::Numbers> numbers, bool check,
               std::span<std::uint32_t> result) const;
  /// The number of a packed key that is inside. Precondition: frozen.
  [[nodiscard]] std::uint32_t index_of(const KeyLayout& layout,
                                       std::span<const std::uint64_t> key) const;
  /// Whether keys are the numbers of their first part as they stand.
  [[nodiscard]] bool is_identity() const;

 private:
  struct Range {
    bool nullable = false;
    bool any = false;  // Whether some number was seen.
    bool by_text = false;
    bool never = false;      // Floats.
    bool is_moment = false;  // A DateTime.
    std::uint8_t bits = 0;
    std::uint32_t unit = 1;  // All numbers are multiples of it: 1, or kQuarterHour.
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    std::uint32_t stride = 1;
  };
  static bool widen(Range& range, std::uint64_t low, std::uint64_t high);
  static bool fit_unit(Range& range, bool are_quarters);
  static std::uint64_t values_of(const Range& range) {
    return range.any ? (range.high - range.low) / range.unit + 1 : 0;
  }

  std::vector<Range> ranges_;
};

}  // namespace grapevine::sql
