#include "kernels/segment/window.hpp"

#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

#include "kernels/segment/distinct_values.hpp"
#include "kernels/segment/number_rows.hpp"
#include "kernels/segment/select_customers.hpp"
#include "kernels/segment/sums_of_customers.hpp"

namespace grapevine {
namespace {

using Mask = std::span<const std::uint8_t>;

// How often each customer acts.
class Counts {
 public:
  explicit Counts(Range<std::int64_t> bounds) : bounds_(bounds) {}

  void reset(std::size_t customers) { counts_.assign(customers, 0); }
  void add(const Run& run, RowRange rows, Mask mask, std::size_t first) {
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
  [[nodiscard]] bool has(std::size_t i) const { return bounds_.has(std::int64_t{counts_[i]}); }

 private:
  Range<std::int64_t> bounds_;
  std::vector<std::uint32_t> counts_;
};

class Sums {
 public:
  Sums(ColumnId of, Range<double> bounds) : of_(of), bounds_(bounds) {}

  void reset(std::size_t customers) { sums_.reset(customers); }
  void add(const Run& run, RowRange rows, Mask mask, std::size_t first) {
    for_each_number(run, rows, mask, of_, [&](CustomerId customer, auto number) {
      sums_.add(index(customer) - first, number);
    });
  }
  void finish() {}
  [[nodiscard]] bool has(std::size_t i) const { return bounds_.has(sums_.divided_by(i, 1)); }

 private:
  ColumnId of_;
  Range<double> bounds_;
  SumsOfCustomers sums_;
};

class Averages {
 public:
  Averages(ColumnId of, Range<double> bounds) : of_(of), bounds_(bounds) {}

  void reset(std::size_t customers) {
    sums_.reset(customers);
    counts_.assign(customers, 0);
  }
  void add(const Run& run, RowRange rows, Mask mask, std::size_t first) {
    for_each_number(run, rows, mask, of_, [&](CustomerId customer, auto number) {
      sums_.add(index(customer) - first, number);
      ++counts_[index(customer) - first];
    });
  }
  void finish() {}
  [[nodiscard]] bool has(std::size_t i) const {
    return counts_[i] != 0 && bounds_.has(sums_.divided_by(i, counts_[i]));
  }

 private:
  ColumnId of_;
  Range<double> bounds_;
  SumsOfCustomers sums_;
  std::vector<std::uint32_t> counts_;
};

// The least or greatest numbers. A long double holds every int64 and every double exactly.
class Extremes {
 public:
  Extremes(ColumnId of, bool greatest, const NumberBounds& bounds)
      : of_(of), greatest_(greatest), bounds_(bounds) {}

  void reset(std::size_t customers) { found_.assign(customers, {}); }
  void add(const Run& run, RowRange rows, Mask mask, std::size_t first) {
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
  [[nodiscard]] bool has(std::size_t i) const {
    const Found& best = found_[i];
    if (!best.any) return false;
    return best.single ? bounds_.real32.has(static_cast<float>(best.value))
                       : bounds_.exact.has(best.value);
  }

 private:
  struct Found {
    long double value = 0.0L;
    bool any = false;
    bool single = false;  // Kept in 32 bits, so it is compared with bounds of 32 bits.
  };
  ColumnId of_;
  bool greatest_;
  NumberBounds bounds_;
  std::vector<Found> found_;
};

}  // namespace

absl::StatusOr<CustomerSet> customers_by_count(const Snapshot& snapshot,
                                               const EventSelection& selection,
                                               Range<std::int64_t> bounds, const Stop& stop) {
  return customers_by_state(EventRows(snapshot, selection, {}, {}), Counts(bounds), stop);
}

absl::StatusOr<CustomerSet> customers_by_sum(const Snapshot& snapshot,
                                             const EventSelection& selection, ColumnId of,
                                             Range<double> bounds, const Stop& stop) {
  return customers_by_state(EventRows(snapshot, selection, {}, {}), Sums(of, bounds), stop);
}

absl::StatusOr<CustomerSet> customers_by_measure(const Snapshot& snapshot,
                                                 const EventSelection& selection,
                                                 const RowPick& pick, const Measure& measure,
                                                 const EventScan& scan, const Stop& stop) {
  using enum Measure::Kind;
  const ColumnId of = measure.of;
  const NumberBounds& bounds = measure.bounds;
  const bool reads_column = measure.kind != Count && !measure.of_target;
  const EventRows events(snapshot, selection, pick, scan,
                         reads_column ? std::optional(of) : std::nullopt);
  switch (measure.kind) {
    case Count: return customers_by_state(events, Counts(bounds.whole), stop);
    case Sum: return customers_by_state(events, Sums(of, bounds.real), stop);
    case Avg: return customers_by_state(events, Averages(of, bounds.real), stop);
    case Min: return customers_by_state(events, Extremes(of, false, bounds), stop);
    case Max: return customers_by_state(events, Extremes(of, true, bounds), stop);
    case Distinct:
      return customers_by_state(events, DistinctValues(snapshot, measure, bounds.whole), stop);
  }
  return absl::InternalError("no such measure");
}

}  // namespace grapevine
