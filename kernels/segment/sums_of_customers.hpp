#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "kernels/segment/exact_sum.hpp"
#include "kernels/segment/run_range.hpp"
#include "kernels/segment/value_test.hpp"
#include "storage/part.hpp"

namespace grapevine {

/// Exact sums of a block of customers. Integers are added as such as long as they fit. Two doubles hold
/// nearly every other sum exactly; what they cannot hold goes to a wide sum of the customer's own.
/// Not thread-safe.
class SumsOfCustomers {
 public:
  /// All sums are 0.
  void reset(std::size_t customers);

  void add(std::size_t customer, double number);
  void add(std::size_t customer, std::int64_t number);
  /// Adds the numbers that rows which `mask` means have in a column, to customers counted from
  /// `first`.
  void add(const Run& run, RowRange rows, std::span<const std::uint8_t> mask, ColumnId of,
           std::size_t first);
  /// Comes between adding rows and the answers.
  void finish();

  /// The exact sum over `divisor`, rounded once to the nearest double.
  [[nodiscard]] double divided_by(std::size_t customer, std::uint32_t divisor) const {
    if (has_reals_) return real_divided_by(customer, divisor);
    return static_cast<double>(integers_[customer]) / divisor;  // Both are exact.
  }
  /// Sets a bit a customer, 64 to a word: whose sum, rounded so, is in bounds. Bits beyond the last
  /// customer mean nothing.
  void accept(Range<double> bounds, std::span<std::uint64_t> words) const;

 private:
  // False: the run keeps no integers there, and nothing was added.
  bool add_integers(const Run& run, RowRange rows, std::span<const std::uint8_t> mask, ColumnId of,
                    std::size_t first);
  void integers_to_reals();
  [[nodiscard]] double real_divided_by(std::size_t customer, std::uint32_t divisor) const;

  std::size_t customers_ = 0;
  bool has_reals_ = false;              // Some sum is not in integers_ alone.
  std::vector<std::int64_t> integers_;  // Whole words of customers.
  std::uint64_t largest_ = 0;           // No integer sum is larger, negative ones included.
  std::vector<double> high_;
  std::vector<double> low_;
  std::unordered_map<std::size_t, WideSum> wide_;
};

inline void SumsOfCustomers::add(std::size_t customer, double number) {
  has_reals_ = true;
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
