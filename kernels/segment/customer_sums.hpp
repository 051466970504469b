#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <variant>
#include <vector>

#include "kernels/segment/exact_sum.hpp"
#include "kernels/segment/real_blocks.hpp"
#include "kernels/segment/stretches.hpp"

namespace grapevine {

/// Exact sums of a block of customers. Two doubles hold nearly every sum exactly; what they cannot
/// hold goes to a wide sum of the customer's own. Not thread-safe. Cost: 16 bytes a customer.
class CustomerSums {
 public:
  void reset(std::size_t customers) {
    high_.assign(customers, 0.0);
    low_.assign(customers, 0.0);
    wide_.clear();
  }

  void add(std::size_t customer, double number) {
    constexpr double kNeverOverflows = 0x1p960;  // 2^63 additions stay below the largest double.
    if (!(std::abs(number) < kNeverOverflows)) {
      if (std::isfinite(number)) wide_[customer].add(number);
      return;
    }
    const TwoSum high = two_sum(high_[customer], number);
    const TwoSum low = two_sum(low_[customer], high.low);
    high_[customer] = high.high;
    low_[customer] = low.high;
    if (low.low != 0.0) wide_[customer].add(low.low);
  }

  /// An integer of more than 53 bits is no double, but two halves are.
  void add(std::size_t customer, std::int64_t number) {
    constexpr std::int64_t kHalf = std::int64_t{1} << 32;
    const std::int64_t upper = number / kHalf;
    add(customer, static_cast<double>(upper) * 0x1p32);
    add(customer, static_cast<double>(number - upper * kHalf));
  }

  /// The double nearest to the exact sum.
  [[nodiscard]] double rounded(std::size_t customer) const {
    const auto wide = wide_.find(customer);
    if (wide == wide_.end()) return high_[customer] + low_[customer] + 0.0;
    WideSum sum = wide->second;
    sum.add(high_[customer]);
    sum.add(low_[customer]);
    return sum.rounded();
  }

 private:
  std::vector<double> high_;
  std::vector<double> low_;
  std::unordered_map<std::size_t, WideSum> wide_;
};

/// Calls `body(row, customer, number)` for the rows that are meant and have a number in column `of`:
/// a double, or an int64. Values of other types are passed over.
template <typename Body>
void for_each_number(const Run& run, RowRange rows, std::span<const std::uint8_t> mask, ColumnId of,
                     const Body& body) {
  const RunColumn* column = run.column(of);
  if (column == nullptr) return;
  if (const auto* whole = std::get_if<Int64Values>(&column->values)) {
    whole->numbers.visit([&](const auto offsets) {
      for_each_meant(run, rows, mask, [&](std::size_t row, CustomerId customer) {
        if (!column->has(row)) return;
        body(row, customer, Int64Values::number(whole->numbers.base() + offsets[row]));
      });
    });
  }
  if (const auto* real = std::get_if<RealValues>(&column->values)) {
    for_each_reals(*real, rows, [&](std::size_t begin, std::span<const double> values) {
      const RowRange block{begin, begin + values.size()};
      const auto meant = mask.empty() ? mask : mask.subspan(begin - rows.begin, values.size());
      for_each_meant(run, block, meant, [&](std::size_t row, CustomerId customer) {
        if (column->has(row)) body(row, customer, values[row - begin]);
      });
    });
  }
}

}  // namespace grapevine
