#pragma once

#include <array>
#include <cstdint>

namespace grapevine {

/// The exact sum of finite doubles as one wide fixed-point number. Never rounds while adding, so
/// the order does not matter, and never overflows on the way. Not thread-safe.
/// Cost    About 600 bytes; an addition touches three of its limbs.
/// Source  Kulisch, "Computer Arithmetic and Validity", de Gruyter 2013, chapter 8.
class WideSum {
 public:
  void add(double number);
  void add(const WideSum& other);
  /// The double nearest to the exact sum, ties to even; infinite beyond the largest double.
  [[nodiscard]] double rounded() const { return divided_by(1); }
  /// The double nearest to the exact sum over `divisor`, which is above 0: rounded once.
  [[nodiscard]] double divided_by(std::uint32_t divisor) const;

 private:
  // Limb k counts units of 2^(32 k - 1074), the smallest double's unit being 2^-1074. Limbs are
  // signed and hold 32 bits once carried; the rest is room for 2^31 additions in between.
  static constexpr int kLimbs = 68;
  static constexpr std::uint32_t kAddsBetweenCarries = std::uint32_t{1} << 30;

  void carry();

  std::array<std::int64_t, kLimbs> limbs_{};
  std::uint32_t added_ = 0;
};

/// The sum of two doubles without any rounding: high + low is exact, high = fl(a + b).
struct TwoSum {
  double high;
  double low;
};

/// Source  Knuth, TAOCP volume 2, section 4.2.2, theorem B. Exact unless high overflows.
constexpr TwoSum two_sum(double a, double b) {
  const double high = a + b;
  const double of_b = high - a;
  const double of_a = high - of_b;
  return {high, (a - of_a) + (b - of_b)};
}

}  // namespace grapevine
