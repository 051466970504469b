#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "storage/packed_uints.hpp"

namespace grapevine {

/// Floating-point numbers of a run, kept in the form that takes fewest bytes and loses nothing:
/// prices are mostly whole numbers or hundredths. Immutable; any number of threads may read.
struct RealValues {
  enum class Form : std::uint8_t {
    Binary64,  ///< `numbers` are the doubles' bits.
    Binary32,  ///< They are bits of floats.
    Decimal,   ///< They are int64 with the sign bit flipped, to be divided by 10^digits.
  };
  static constexpr std::uint8_t kDigitsMax = 6;  ///< Of a Decimal.
  static constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;

  /// 10^digits. Precondition: digits <= kDigitsMax.
  [[nodiscard]] static double power_of(std::size_t digits);

  PackedUints numbers;
  Form form = Form::Binary64;
  std::uint8_t digits = 0;
  bool single = false;  ///< Every value is a float, also where the form is Decimal.

  [[nodiscard]] std::size_t size() const { return numbers.size(); }
  [[nodiscard]] double at(std::size_t row) const;
  /// What an offset from the base of `numbers` stands for. Of decimals it ascends with the offset.
  [[nodiscard]] double of_offset(std::uint64_t offset) const;
  /// Fills `values` with those of the rows from `begin` on. Cost: about a nanosecond a row.
  void read(std::size_t begin, std::span<double> values) const;
  /// The same of rows[i], counted from `begin`. Shapes: values.size() == rows.size().
  void read_some(std::size_t begin, std::span<const std::uint32_t> rows,
                 std::span<double> values) const;

  static constexpr std::size_t kReadTogether = 512;  ///< Rows that loops over all of them read.
};

/// Packs doubles, which are given as their bits. `present`: as in PackedUints.
/// Precondition: where `single`, every one is a float exactly.
RealValues pack_reals(std::span<const std::uint64_t> bits, std::span<const std::uint8_t> present,
                      bool single);

}  // namespace grapevine
