#include "kernels/segment/sums_of_customers.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <variant>

#include "kernels/segment/number_rows.hpp"
#include "kernels/segment/scan_lanes.hpp"

namespace grapevine {
namespace {

constexpr std::uint64_t kExact = std::uint64_t{1} << 53;  // Doubles hold every integer up to it.
constexpr std::uint64_t kFits = std::uint64_t{1} << 62;

// Where a run keeps integers, as Int64Values does; nullptr: it does not.
const PackedUints* integers_of(const RunColumn& column) {
  if (const auto* whole = std::get_if<Int64Values>(&column.values)) return &whole->numbers;
  const auto* real = std::get_if<RealValues>(&column.values);
  const bool is_whole =
      real != nullptr && real->form == RealValues::Form::Decimal && real->digits == 0;
  return is_whole ? &real->numbers : nullptr;
}

std::uint64_t magnitude(std::int64_t number) {
  return number < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(number)
                    : static_cast<std::uint64_t>(number);
}

// No number of the column is larger; nullopt: they may be of any size.
std::optional<std::uint64_t> largest_of(const PackedUints& numbers) {
  if (numbers.width() > 4) return std::nullopt;
  const std::uint64_t span = (std::uint64_t{1} << (numbers.width() * 8)) - 1;
  const std::int64_t least = Int64Values::number(numbers.base());
  if (magnitude(least) > kExact) return std::nullopt;
  return std::max(magnitude(least), magnitude(least + static_cast<std::int64_t>(span)));
}

// The integers whose doubles are in bounds, of those that doubles hold exactly.
Range<std::int64_t> integers_in(Range<double> bounds) {
  constexpr auto kMost = static_cast<double>(kExact);
  if (!(bounds.least <= kMost) || !(bounds.most >= -kMost)) return {1, 0};
  return {static_cast<std::int64_t>(std::ceil(std::max(bounds.least, -kMost))),
          static_cast<std::int64_t>(std::floor(std::min(bounds.most, kMost)))};
}

}  // namespace

void SumsOfCustomers::reset(std::size_t customers) {
  if (has_reals_ || customers != customers_) {
    high_.assign(customers, 0.0);
    low_.assign(customers, 0.0);
    wide_.clear();
  }
  integers_.assign((customers + 63) / 64 * 64, 0);
  largest_ = 0;
  customers_ = customers;
  has_reals_ = false;
}

void SumsOfCustomers::add(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
                          ColumnId of, std::size_t first) {
  if (add_integers(run, rows, mask, of, first)) return;
  for_each_number(run, rows, mask, of,
                  [&](CustomerId customer, auto number) { add(index(customer) - first, number); });
}

bool SumsOfCustomers::add_integers(const Run& run, RowRange rows,
                                   std::span<const std::uint8_t> mask, ColumnId of,
                                   std::size_t first) {
  const RunColumn* column = run.column(of);
  if (column == nullptr) return true;
  const PackedUints* numbers = integers_of(*column);
  const auto largest = numbers != nullptr ? largest_of(*numbers) : std::nullopt;
  if (!largest) return false;
  if (rows.end - rows.begin >= kFits / (*largest + 1)) return false;
  const std::uint64_t most = *largest * (rows.end - rows.begin);
  if (largest_ + most > kFits) integers_to_reals();
  largest_ += most;
  std::int64_t* const sums = integers_.data();
  numbers->visit([&](const auto offsets) {
    const auto number = [&](std::size_t row) {
      return Int64Values::number(numbers->base() + offsets[row]);
    };
    const auto for_each_row = [&](const auto& is_meant) {
      run.customers.for_each(rows.begin, rows.end, [&](std::size_t row, CustomerId customer) {
        sums[index(customer) - first] += is_meant(row) ? number(row) : 0;
      });
    };
    if (mask.empty() && column->present.empty()) {
      for_each_row([](std::size_t) { return true; });
    } else if (column->present.empty()) {
      for_each_row([&](std::size_t row) { return mask[row - rows.begin] != 0; });
    } else {
      for_each_row([&](std::size_t row) {
        return (mask.empty() || mask[row - rows.begin] != 0) && column->has(row);
      });
    }
  });
  return true;
}

void SumsOfCustomers::integers_to_reals() {
  for (std::size_t i = 0; i < customers_; ++i) {
    if (integers_[i] != 0) add(i, integers_[i]);
    integers_[i] = 0;
  }
  largest_ = 0;
  has_reals_ = true;
}

void SumsOfCustomers::finish() {
  if (has_reals_ || largest_ > kExact) integers_to_reals();
}

double SumsOfCustomers::real_divided_by(std::size_t customer, std::uint32_t divisor) const {
  const auto wide = wide_.empty() ? wide_.end() : wide_.find(customer);
  if (wide == wide_.end()) {
    // high + low is exact, and so rounded once; likewise the quotient where high is all of it.
    if (divisor == 1) return high_[customer] + low_[customer] + 0.0;
    if (low_[customer] == 0.0) return high_[customer] / divisor + 0.0;
  }
  WideSum sum = wide == wide_.end() ? WideSum() : wide->second;
  sum.add(high_[customer]);
  sum.add(low_[customer]);
  return sum.divided_by(divisor);
}

void SumsOfCustomers::accept(Range<double> bounds, std::span<std::uint64_t> words) const {
  if (!has_reals_) return accept_range(integers_, integers_in(bounds), words);
  for (std::size_t w = 0; w < words.size(); ++w) {
    const std::size_t count = std::min<std::size_t>(64, customers_ - w * 64);
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < count; ++i) {
      word |= std::uint64_t{bounds.has(divided_by(w * 64 + i, 1)) ? 1U : 0U} << i;
    }
    words[w] = word;
  }
}

}  // namespace grapevine
