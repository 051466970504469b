#include "storage/real_values.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <vector>

namespace grapevine {
namespace {

constexpr std::uint64_t kSignBit = RealValues::kSignBit;
constexpr std::array<double, RealValues::kDigitsMax + 1> kPowers{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
constexpr double kLargest = 0x1p50;  // Below, a product by a power is off by less than half.

double decimal(std::uint64_t number, double power, bool single) {
  const double value = static_cast<double>(static_cast<std::int64_t>(number ^ kSignBit)) / power;
  return single ? static_cast<double>(static_cast<float>(value)) : value;
}

// The whole number that stands for `value` at so many digits; whether it does is for the caller to
// see by turning it back.
std::uint64_t whole(double value, double power) {
  return static_cast<std::uint64_t>(std::llrint(value * power)) ^ kSignBit;
}

bool is_decimal(double value, double power, bool single) {
  return std::abs(value) * power < kLargest &&
         std::bit_cast<std::uint64_t>(decimal(whole(value, power), power, single)) ==
             std::bit_cast<std::uint64_t>(value);
}

// The fewest digits at which all values are decimals; kPowers.size(): there are none.
std::size_t digits_of(std::span<const std::uint64_t> bits, std::span<const std::uint8_t> present,
                      bool single) {
  std::size_t digits = 0;
  double largest = 0;
  for (std::size_t i = 0; i < bits.size(); ++i) {
    if (!present.empty() && present[i] == 0) continue;
    const auto value = std::bit_cast<double>(bits[i]);
    while (!is_decimal(value, kPowers[digits], single)) {
      if (++digits == kPowers.size()) return digits;
    }
    largest = std::max(largest, std::abs(value));
  }
  // What was a decimal of fewer digits is one of more, as long as it stays exact.
  return largest * kPowers[digits] < kLargest ? digits : kPowers.size();
}

PackedUints pack_decimals(std::span<const std::uint64_t> bits,
                          std::span<const std::uint8_t> present, double power) {
  std::vector<std::uint64_t> numbers(bits.size());
  for (std::size_t i = 0; i < bits.size(); ++i) {
    if (present.empty() || present[i] != 0) {
      numbers[i] = whole(std::bit_cast<double>(bits[i]), power);
    }
  }
  return PackedUints(numbers, present);
}

PackedUints pack_floats(std::span<const std::uint64_t> bits,
                        std::span<const std::uint8_t> present) {
  std::vector<std::uint64_t> numbers(bits.size());
  for (std::size_t i = 0; i < bits.size(); ++i) {
    numbers[i] = std::bit_cast<std::uint32_t>(static_cast<float>(std::bit_cast<double>(bits[i])));
  }
  return PackedUints(numbers, present);
}

}  // namespace

namespace {

// What decimals of a base and offsets stand for. Sums below 2^52 are exact as doubles, so that narrow
// offsets are turned into numbers several at once.
template <typename OffsetAt>
void read_decimals(const RealValues& reals, const OffsetAt& offset_at, std::span<double> values) {
  const std::uint64_t base = reals.numbers.base();
  const double power = kPowers[reals.digits];
  const auto first = static_cast<std::int64_t>(base ^ kSignBit);
  constexpr std::int64_t kExact = std::int64_t{1} << 52;
  if (reals.numbers.width() <= 3 && first > -kExact && first < kExact) {
    const auto least = static_cast<double>(first);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto offset = static_cast<std::int32_t>(offset_at(i));
      values[i] = (least + static_cast<double>(offset)) / power;
    }
    return;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint64_t number = base + offset_at(i);
    values[i] = static_cast<double>(static_cast<std::int64_t>(number ^ kSignBit)) / power;
  }
}

template <typename OffsetAt>
void read_each(const RealValues& reals, const OffsetAt& offset_at, std::span<double> values) {
  const std::uint64_t base = reals.numbers.base();
  switch (reals.form) {
    case RealValues::Form::Binary64:
      for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = std::bit_cast<double>(base + offset_at(i));
      }
      break;
    case RealValues::Form::Binary32:
      for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = static_cast<double>(
            std::bit_cast<float>(static_cast<std::uint32_t>(base + offset_at(i))));
      }
      break;
    case RealValues::Form::Decimal:
      read_decimals(reals, offset_at, values);
      if (reals.single) {
        for (double& value : values) value = static_cast<double>(static_cast<float>(value));
      }
      break;
  }
}

}  // namespace

double RealValues::power_of(std::size_t digits) { return kPowers[digits]; }

double RealValues::at(std::size_t row) const {
  double value = 0;
  read(row, {&value, 1});
  return value;
}

double RealValues::of_offset(std::uint64_t offset) const {
  double value = 0;
  read_each(*this, [&](std::size_t) { return offset; }, {&value, 1});
  return value;
}

void RealValues::read(std::size_t begin, std::span<double> values) const {
  numbers.visit([&](const auto all) {
    const auto offsets = all.subspan(begin, values.size());
    read_each(
        *this, [&](std::size_t i) { return offsets[i]; }, values);
  });
}

void RealValues::read_some(std::size_t begin, std::span<const std::uint32_t> rows,
                           std::span<double> values) const {
  numbers.visit([&](const auto all) {
    const auto offsets = all.subspan(begin, all.size() - begin);
    read_each(
        *this, [&](std::size_t i) { return offsets[rows[i]]; }, values);
  });
}

RealValues pack_reals(std::span<const std::uint64_t> bits, std::span<const std::uint8_t> present,
                      bool single) {
  RealValues values;
  values.single = single;
  const std::size_t digits = digits_of(bits, present, single);
  if (digits < kPowers.size()) {
    values.form = RealValues::Form::Decimal;
    values.digits = static_cast<std::uint8_t>(digits);
    values.numbers = pack_decimals(bits, present, kPowers[digits]);
    if (values.numbers.width() < (single ? 4U : 8U)) return values;
    values.digits = 0;
  }
  values.form = single ? RealValues::Form::Binary32 : RealValues::Form::Binary64;
  values.numbers = single ? pack_floats(bits, present) : PackedUints(bits, present);
  return values;
}

}  // namespace grapevine
