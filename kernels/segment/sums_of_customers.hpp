#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "kernels/segment/exact_sum.hpp"
#include "kernels/segment/run_range.hpp"
#include "storage/part.hpp"

namespace grapevine {

/// Exact sums of a block of customers. Two doubles hold nearly every sum exactly; what they cannot
/// hold goes to a wide sum of the customer's own. Not thread-safe.
class SumsOfCustomers {
 public:
  /// All sums are 0.
  void reset(std::size_t customers);

  void add(std::size_t customer, double number);
  void add(std::size_t customer, std::int64_t number);

  /// The exact sum over `divisor`, rounded once to the nearest double.
  [[nodiscard]] double divided_by(std::size_t customer, std::uint32_t divisor) const;

 private:
  std::vector<double> high_;
  std::vector<double> low_;
  std::unordered_map<std::size_t, WideSum> wide_;
};

inline void SumsOfCustomers::add(std::size_t customer, double number) {
  constexpr double kNeverOverflows = 0x1p960;  // 2^63 additions stay below the largest double.
  if (!(number < kNeverOverflows && number > -kNeverOverflows)) {
    if (number - number == 0.0) wide_[customer].add(number);  // Finite.
    return;
  }
  const TwoSum high = two_sum(high_[customer], number);
  const TwoSum low = two_sum(low_[customer], high.low);
  high_[customer] = high.high;
  low_[customer] = low.high;
  if (low.low != 0.0) wide_[customer].add(low.low);
}

// An integer of more than 53 bits is no double, but two halves are.
inline void SumsOfCustomers::add(std::size_t customer, std::int64_t number) {
  constexpr std::int64_t kHalf = std::int64_t{1} << 32;
  const std::int64_t upper = number / kHalf;
  add(customer, static_cast<double>(upper) * 0x1p32);
  add(customer, static_cast<double>(number - upper * kHalf));
}

}  // namespace grapevine
