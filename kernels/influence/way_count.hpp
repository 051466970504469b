#pragma once

#include <cmath>
#include <cstdint>

namespace grapevine {

/// Numbers of shortest ways are kept as doubles as long as they stay below this, so that products
/// and quotients of two keep their precision; then as WideCount. A crowd in a few hundred layers
/// where everyone listens to the whole layer before has more ways than a double holds.
inline constexpr double kNarrowCountMax = 1e290;

/// A positive number of ways of any size, in double precision.
class WideCount {
 public:
  WideCount() = default;
  explicit WideCount(double value) : mantissa_(value) { normalize(); }

  WideCount& operator+=(const WideCount& other) {
    const bool larger = exponent_ >= other.exponent_ || other.mantissa_ == 0.0;
    const WideCount& high = larger ? *this : other;
    const WideCount& low = larger ? other : *this;
    mantissa_ = high.mantissa_ + scaled(low.mantissa_, low.exponent_ - high.exponent_);
    exponent_ = high.exponent_;
    normalize();
    return *this;
  }

  friend WideCount operator*(const WideCount& a, const WideCount& b) {
    WideCount product(a.mantissa_ * b.mantissa_);
    product.exponent_ += a.exponent_ + b.exponent_;
    return product;
  }

  /// part / whole, which is at most 1.
  friend double share_of(const WideCount& part, const WideCount& whole) {
    return scaled(part.mantissa_ / whole.mantissa_, part.exponent_ - whole.exponent_);
  }

 private:
  static double scaled(double value, std::int64_t exponent) {
    return exponent < -2000 ? 0.0 : std::ldexp(value, static_cast<int>(exponent));
  }
  void normalize() {
    int shift = 0;
    mantissa_ = std::frexp(mantissa_, &shift);
    exponent_ += shift;
  }

  double mantissa_ = 0.0;  // In [1/2, 1), or 0.
  std::int64_t exponent_ = 0;
};

inline double share_of(double part, double whole) { return part / whole; }

/// Whether a number of ways is too large to be kept as it is.
inline bool is_too_large(double count) { return !(count < kNarrowCountMax); }
inline bool is_too_large(const WideCount& /*count*/) { return false; }

}  // namespace grapevine
