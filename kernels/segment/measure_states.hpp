#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "kernels/segment/measure.hpp"
#include "kernels/segment/number_rows.hpp"
#include "kernels/segment/run_range.hpp"
#include "kernels/segment/scan_lanes.hpp"
#include "kernels/segment/sums_of_customers.hpp"
#include "storage/part.hpp"

namespace grapevine {

// What the selected events of a block of customers come to, one class a measure: each is a State of
// `customers_by_state`, and tells what it came to beside whether that is in bounds. DistinctValues
// has a header of its own. Not thread-safe.

/// How often each customer acts.
class Counts {
 public:
  static constexpr std::size_t kCustomersTogether = 4 * kCustomersPerTask;

  explicit Counts(Range<std::int64_t> bounds) : bounds_(bounds) {}

  void reset(std::size_t customers) { counts_.assign((customers + 63) / 64 * 64, 0); }
  void add(const Run& run, RowRange rows, std::span<const std::uint8_t> mask, std::size_t first) {
    if (mask.empty()) {
      run.customers.for_each(rows.begin, rows.end, [&](std::size_t, CustomerId customer) {
        ++counts_[index(customer) - first];
      });
      return;
    }
    run.customers.for_each(rows.begin, rows.end, [&](std::size_t row, CustomerId customer) {
      counts_[index(customer) - first] += mask[row - rows.begin];
    });
  }
  void finish() {}
  [[nodiscard]] std::int64_t value(std::size_t i) const { return counts_[i]; }
  void accept(std::span<std::uint64_t> words) const {
    constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();
    if (bounds_.least > kMost || bounds_.most < 0) return std::fill(words.begin(), words.end(), 0);
    accept_range(counts_,
                 {static_cast<std::uint32_t>(std::max<std::int64_t>(bounds_.least, 0)),
                  static_cast<std::uint32_t>(std::min(bounds_.most, kMost))},
                 words);
  }

 private:
  Range<std::int64_t> bounds_;
  std::vector<std::uint32_t> counts_;
};

/// The exact sum of a column.
class Sums {
 public:
  static constexpr std::size_t kCustomersTogether = 4 * kCustomersPerTask;

  Sums(ColumnId of, Range<double> bounds) : of_(of), bounds_(bounds) {}

  void reset(std::size_t customers) { sums_.reset(customers); }
  void add(const Run& run, RowRange rows, std::span<const std::uint8_t> mask, std::size_t first) {
    sums_.add(run, rows, mask, of_, first);
  }
  void finish() { sums_.finish(); }
  [[nodiscard]] double value(std::size_t i) const { return sums_.divided_by(i, 1); }
  void accept(std::span<std::uint64_t> words) const { sums_.accept(bounds_, words); }

 private:
  ColumnId of_;
  Range<double> bounds_;
  SumsOfCustomers sums_;
};

/// The exact sum of a column over how many values it has.
class Averages {
 public:
  Averages(ColumnId of, Range<double> bounds) : of_(of), bounds_(bounds) {}

  void reset(std::size_t customers) {
    sums_.reset(customers);
    counts_.assign(customers, 0);
  }
  void add(const Run& run, RowRange rows, std::span<const std::uint8_t> mask, std::size_t first) {
    for_each_number(run, rows, mask, of_, [&](CustomerId customer, auto number) {
      sums_.add(index(customer) - first, number);
      ++counts_[index(customer) - first];
    });
  }
  void finish() {}
  /// Nothing where there is no value.
  [[nodiscard]] std::optional<double> value(std::size_t i) const {
    if (counts_[i] == 0) return std::nullopt;
    return sums_.divided_by(i, counts_[i]);
  }
  [[nodiscard]] bool has(std::size_t i) const {
    const auto average = value(i);
    return average && bounds_.has(*average);
  }

 private:
  ColumnId of_;
  Range<double> bounds_;
  SumsOfCustomers sums_;
  std::vector<std::uint32_t> counts_;
};

/// The least or greatest number of a column. A long double holds every int64 and every double exactly.
class Extremes {
 public:
  Extremes(ColumnId of, bool greatest, const NumberBounds& bounds)
      : of_(of), greatest_(greatest), bounds_(bounds) {}

  void reset(std::size_t customers) { found_.assign(customers, {}); }
  void add(const Run& run, RowRange rows, std::span<const std::uint8_t> mask, std::size_t first) {
    const RunColumn* column = run.column(of_);
    const auto* real = column != nullptr ? std::get_if<RealValues>(&column->values) : nullptr;
    const bool single = real != nullptr && real->single;
    for_each_number(run, rows, mask, of_, [&](CustomerId customer, auto number) {
      Found& best = found_[index(customer) - first];
      const auto value = static_cast<long double>(number);
      if (best.any && (greatest_ ? value <= best.value : value >= best.value)) return;
      best = {value, true, single};
    });
  }
  void finish() {}

  /// What was found: nothing where `any` is false.
  struct Found {
    long double value = 0.0L;
    bool any = false;
    bool single = false;  ///< Kept in 32 bits, so it is compared with bounds of 32 bits.
  };
  [[nodiscard]] const Found& found(std::size_t i) const { return found_[i]; }
  [[nodiscard]] bool has(std::size_t i) const {
    const Found& best = found_[i];
    if (!best.any) return false;
    return best.single ? bounds_.real32.has(static_cast<float>(best.value))
                       : bounds_.exact.has(best.value);
  }

 private:
  ColumnId of_;
  bool greatest_;
  NumberBounds bounds_;
  std::vector<Found> found_;
};

}  // namespace grapevine
