#include "api/sql/tables/customer_states.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "api/sql/tables/quarters_read.hpp"
#include "kernels/query/visit_stored.hpp"
#include "kernels/segment/measure_states.hpp"
#include "kernels/segment/time_buckets.hpp"

namespace grapevine::sql {
namespace {

// Calls `body(customer, row)` for the rows that are meant, the customer counted from `first`.
template <typename Body>
void for_each_meant(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
                    std::size_t first, const Body& body) {
  if (mask.empty()) {
    run.customers.for_each(rows.begin, rows.end, [&](std::size_t row, CustomerId customer) {
      body(index(customer) - first, row);
    });
    return;
  }
  run.customers.for_each(rows.begin, rows.end, [&](std::size_t row, CustomerId customer) {
    if (mask[row - rows.begin] != 0) body(index(customer) - first, row);
  });
}

// Marks who satisfies `has`, without a branch, which could not be foreseen.
template <typename Has>
void mark_where(std::span<std::uint8_t> marks, const Has& has) {
  std::uint8_t* const to = marks.data();
  const std::size_t count = marks.size();
  for (std::size_t i = 0; i < count; ++i) {
    to[i] = static_cast<std::uint8_t>(to[i] | (has(i) ? 1 : 0));
  }
}

class RowCounts final : public CustomerState {
 public:
  void reset(std::size_t customers) override { counts_.reset(customers); }
  void add(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
           std::size_t first) override {
    counts_.add(run, rows, mask, first);
  }
  bool mark_present(std::span<std::uint8_t> marks) const override {
    mark_where(marks, [&](std::size_t i) { return counts_.value(i) > 0; });
    return true;
  }
  ColumnPtr results(std::span<const std::uint32_t> customers) override {
    auto column = new_fixed(plain(TypeId::UInt64), customers.size());
    const auto values = column->fixed<std::uint64_t>();
    for (std::size_t i = 0; i < customers.size(); ++i) {
      values[i] = static_cast<std::uint64_t>(counts_.value(customers[i]));
    }
    return column;
  }

 private:
  Counts counts_{{}};
};

class AnyRow final : public CustomerState {
 public:
  explicit AnyRow(DataType type) : type_(std::move(type)) {}
  void reset(std::size_t customers) override { any_.assign(customers, 0); }
  void add(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
           std::size_t first) override {
    std::uint8_t* const any = any_.data();
    if (mask.empty()) {
      run.customers.for_each(rows.begin, rows.end, [&](std::size_t, CustomerId customer) {
        any[index(customer) - first] = 1;
      });
      return;
    }
    run.customers.for_each(rows.begin, rows.end, [&](std::size_t row, CustomerId customer) {
      any[index(customer) - first] |= mask[row - rows.begin];
    });
  }
  bool mark_present(std::span<std::uint8_t> marks) const override {
    mark_where(marks, [any = any_.data()](std::size_t i) { return any[i] != 0; });
    return true;
  }
  ColumnPtr results(std::span<const std::uint32_t> customers) override {
    auto column = new_fixed(type_, customers.size());
    const auto values = column->fixed<std::uint8_t>();
    for (std::size_t i = 0; i < customers.size(); ++i) values[i] = any_[customers[i]];
    return column;
  }

 private:
  DataType type_;
  std::vector<std::uint8_t> any_;
};

class ExtremeTimes final : public CustomerState {
 public:
  ExtremeTimes(DataType type, bool greatest) : type_(std::move(type)), greatest_(greatest) {}
  void reset(std::size_t customers) override { times_.assign(customers, none()); }
  void add(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
           std::size_t first) override {
    TimeMs* const times = times_.data();
    run.times.visit([&](const auto offsets) {
      const std::uint64_t base = run.times.base();
      const auto time_of = [&](std::size_t row) {
        return static_cast<TimeMs>((base + offsets[row]) ^ Run::kSignBit);
      };
      if (greatest_) {
        for_each_meant(run, rows, mask, first, [&](std::size_t customer, std::size_t row) {
          times[customer] = std::max(times[customer], time_of(row));
        });
      } else {
        for_each_meant(run, rows, mask, first, [&](std::size_t customer, std::size_t row) {
          times[customer] = std::min(times[customer], time_of(row));
        });
      }
    });
  }
  bool mark_present(std::span<std::uint8_t> marks) const override {
    mark_where(marks,
               [times = times_.data(), none = none()](std::size_t i) { return times[i] != none; });
    return true;
  }
  ColumnPtr results(std::span<const std::uint32_t> customers) override {
    auto column = new_fixed(type_, customers.size());
    const auto values = column->fixed<std::int64_t>();
    for (std::size_t i = 0; i < customers.size(); ++i) {
      const TimeMs time = times_[customers[i]];
      values[i] = time == none() ? 0 : time;
    }
    return column;
  }

 private:
  [[nodiscard]] TimeMs none() const {
    return greatest_ ? std::numeric_limits<TimeMs>::min() : std::numeric_limits<TimeMs>::max();
  }

  DataType type_;
  bool greatest_;
  std::vector<TimeMs> times_;
};

class SumsOrMeans final : public CustomerState {
 public:
  SumsOrMeans(ColumnId of, bool mean) : of_(of), mean_(mean) {}
  void reset(std::size_t customers) override {
    sums_.reset(customers);
    values_.assign(customers, 0);
  }
  void add(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
           std::size_t first) override {
    const RunColumn* const column = run.column(of_);
    if (column == nullptr) return;
    sums_.add(run, rows, mask, of_, first);
    std::uint32_t* const values = values_.data();
    for_each_meant(run, rows, mask, first, [&](std::size_t customer, std::size_t row) {
      values[customer] += column->has(row) ? 1 : 0;
    });
  }
  ColumnPtr results(std::span<const std::uint32_t> customers) override {
    sums_.finish();
    auto column = new_fixed(nullable(plain(TypeId::Float64)), customers.size());
    const auto results = column->fixed<double>();
    std::vector<std::uint8_t> nulls(customers.size());
    bool any_null = false;
    for (std::size_t i = 0; i < customers.size(); ++i) {
      const std::uint32_t values = values_[customers[i]];
      nulls[i] = values == 0 ? 1 : 0;
      any_null = any_null || values == 0;
      const double sum = sums_.divided_by(customers[i], 1);
      results[i] = mean_ && values > 0 ? sum / values : sum;
    }
    if (any_null) column->nulls = std::move(nulls);
    return column;
  }

 private:
  ColumnId of_;
  bool mean_;
  SumsOfCustomers sums_;
  std::vector<std::uint32_t> values_;  // How many each customer has.
};

class BitsOfTimes final : public CustomerState {
 public:
  BitsOfTimes(DataType type, const QuarterBits& of)
      : type_(std::move(type)),
        of_(of),
        finder_({of.from, kQuarterHourMs, std::max<std::size_t>(of.bits.size(), 1)}) {}
  void reset(std::size_t customers) override { bits_.assign(customers, 0); }
  void add(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
           std::size_t first) override {
    std::uint64_t* const bits = bits_.data();
    const std::uint64_t* const of_quarter = of_.bits.data();
    const std::uint64_t before =  // Wraps where the run begins later.
        (static_cast<std::uint64_t>(of_.from) ^ Run::kSignBit) - run.times.base();
    if (of_.bits.empty()) return;
    // Weeks and months change once or not at all within a part.
    const std::size_t quarter = quarter_of(run.first), last_quarter = quarter_of(run.last);
    const std::size_t change = of_.next_change[quarter];
    const bool is_one = change > last_quarter;
    const bool are_two = !is_one && of_.next_change[change] > last_quarter;
    run.times.visit([&](const auto offsets) {
      if (is_one || are_two) {
        const std::array<std::uint64_t, 2> sides{of_quarter[quarter],
                                                 of_quarter[is_one ? quarter : change]};
        const TimeMs at = of_.from + static_cast<TimeMs>(change) * kQuarterHourMs;
        const std::uint64_t cut =
            (static_cast<std::uint64_t>(at) ^ Run::kSignBit) - run.times.base();
        for_each_meant(run, rows, mask, first, [&](std::size_t customer, std::size_t row) {
          bits[customer] |= sides[offsets[row] < cut ? 0 : 1];  // Nobody could guess a branch.
        });
        return;
      }
      for_each_meant(run, rows, mask, first, [&](std::size_t customer, std::size_t row) {
        bits[customer] |= of_quarter[finder_.of(offsets[row] - before)];
      });
    });
  }
  bool mark_present(std::span<std::uint8_t> marks) const override {
    if (of_.any_is_0) return false;
    mark_where(marks, [bits = bits_.data()](std::size_t i) { return bits[i] != 0; });
    return true;
  }
  ColumnPtr results(std::span<const std::uint32_t> customers) override {
    auto column = new_fixed(type_, customers.size());
    visit_stored(type_.id, [&](auto zero) {
      using Value = decltype(zero);
      if constexpr (std::is_integral_v<Value>) {
        const auto values = column->fixed<Value>();
        for (std::size_t i = 0; i < customers.size(); ++i) {
          values[i] = static_cast<Value>(bits_[customers[i]]);
        }
      }
    });
    return column;
  }

 private:
  [[nodiscard]] std::size_t quarter_of(TimeMs time) const {
    return static_cast<std::size_t>(std::clamp<TimeMs>((time - of_.from) / kQuarterHourMs, 0,
                                                       static_cast<TimeMs>(of_.bits.size()) - 1));
  }

  DataType type_;
  const QuarterBits& of_;
  BucketFinder finder_;
  std::vector<std::uint64_t> bits_;
};

}  // namespace

void QuarterBits::find_changes() {
  next_change.resize(bits.size());
  auto next = static_cast<std::uint32_t>(bits.size());
  for (std::uint32_t quarter = next; quarter-- > 0;) {
    next_change[quarter] = next;
    if (quarter > 0 && bits[quarter - 1] != bits[quarter]) next = quarter;
  }
}

std::unique_ptr<CustomerState> row_counts() { return std::make_unique<RowCounts>(); }
std::unique_ptr<CustomerState> any_row(DataType type) {
  return std::make_unique<AnyRow>(std::move(type));
}
std::unique_ptr<CustomerState> extreme_times(DataType type, bool greatest) {
  return std::make_unique<ExtremeTimes>(std::move(type), greatest);
}
std::unique_ptr<CustomerState> sums(ColumnId of, bool mean) {
  return std::make_unique<SumsOrMeans>(of, mean);
}
std::unique_ptr<CustomerState> bits_of_times(DataType type, const QuarterBits& of) {
  return std::make_unique<BitsOfTimes>(std::move(type), of);
}

}  // namespace grapevine::sql
