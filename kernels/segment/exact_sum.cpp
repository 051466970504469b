#include "kernels/segment/exact_sum.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>

namespace grapevine {
namespace {

constexpr std::int64_t kLimbRange = std::int64_t{1} << 32;

}  // namespace

void WideSum::add(double number) {
  const auto bits = std::bit_cast<std::uint64_t>(number);
  const auto exponent = static_cast<int>((bits >> 52) & 0x7FF);
  std::uint64_t mantissa = bits & ((std::uint64_t{1} << 52) - 1);
  if (exponent != 0) mantissa |= std::uint64_t{1} << 52;
  const int unit = exponent == 0 ? 0 : exponent - 1;  // Its last bit is worth 2^(unit - 1074).
  const auto limb = static_cast<std::size_t>(unit / 32);
  const int shift = unit % 32;
  // 53 bits moved by up to 31 span three limbs.
  const std::uint64_t low = (mantissa & 0xFFFF'FFFF) << shift;
  const std::uint64_t high = (mantissa >> 32) << shift;
  const std::int64_t sign = (bits >> 63) != 0 ? -1 : 1;
  limbs_[limb] += sign * static_cast<std::int64_t>(low & 0xFFFF'FFFF);
  limbs_[limb + 1] += sign * static_cast<std::int64_t>((low >> 32) + (high & 0xFFFF'FFFF));
  limbs_[limb + 2] += sign * static_cast<std::int64_t>(high >> 32);
  if (++added_ == kAddsBetweenCarries) carry();
}

void WideSum::add(const WideSum& other) {
  WideSum carried = other;
  carried.carry();
  carry();
  for (std::size_t k = 0; k < limbs_.size(); ++k) limbs_[k] += carried.limbs_[k];
  added_ = 1;
}

// Brings every limb but the last into [0, 2^32); the last keeps the sign.
void WideSum::carry() {
  std::int64_t carried = 0;
  for (std::size_t k = 0; k + 1 < limbs_.size(); ++k) {
    const std::int64_t limb = limbs_[k] + carried;
    carried = limb >> 32;  // Rounds down, also below zero.
    limbs_[k] = limb - carried * kLimbRange;
  }
  limbs_.back() += carried;
  added_ = 0;
}

double WideSum::divided_by(std::uint32_t divisor) const {
  WideSum sum = *this;
  sum.carry();
  const bool negative = sum.limbs_.back() < 0;
  if (negative) {
    for (std::int64_t& limb : sum.limbs_) limb = -limb;
    sum.carry();
  }
  // Long division, 32 bits at a time, with a limb below the smallest double's unit: so the bit that
  // decides the rounding is always there, and what is left only says whether anything lies below.
  std::array<std::uint64_t, kLimbs + 1> quotient{};
  std::uint64_t left = 0;
  for (std::size_t k = quotient.size(); k-- > 0;) {
    const std::uint64_t limb = k == 0 ? 0 : static_cast<std::uint64_t>(sum.limbs_[k - 1]);
    const std::uint64_t dividend = (left << 32) | limb;
    quotient[k] = dividend / divisor;
    left = dividend % divisor;
  }
  const auto bit_of = [&](int bit) {
    return (quotient[static_cast<std::size_t>(bit / 32)] >> (bit % 32)) & 1;
  };
  int top = kLimbs;
  while (top >= 0 && quotient[static_cast<std::size_t>(top)] == 0) --top;
  if (top < 0) return 0.0;
  const int highest = top * 32 + 63 - std::countl_zero(quotient[static_cast<std::size_t>(top)]);
  const int last_kept = std::max(highest - 52, 32);  // 53 bits, or all of a subnormal number.
  std::uint64_t kept = 0;
  for (int bit = highest; bit >= last_kept; --bit) kept = (kept << 1) | bit_of(bit);
  bool below_half = left != 0;
  for (int bit = last_kept - 2; bit >= 0 && !below_half; --bit) below_half = bit_of(bit) != 0;
  const bool half = bit_of(last_kept - 1) != 0;
  if (half && (below_half || (kept & 1) != 0)) ++kept;
  const double magnitude = std::ldexp(static_cast<double>(kept), last_kept - 32 - 1074);
  return negative ? -magnitude : magnitude;
}

}  // namespace grapevine
