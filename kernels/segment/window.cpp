#include "kernels/segment/window.hpp"

#include <cmath>
#include <cstddef>
#include <memory>
#include <span>
#include <unordered_map>
#include <variant>
#include <vector>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/exact_sum.hpp"
#include "kernels/segment/real_blocks.hpp"

namespace grapevine {
namespace {

using Parts = std::span<const std::shared_ptr<const Part>>;

// Calls `body(run, rows, mask)` for the stretches of runs that hold selected rows of customers
// [first, last): `mask` says which of them are meant, and is empty where all are.
template <typename Body>
void for_each_stretch(Parts parts, const RowFilter& filter, std::size_t first, std::size_t last,
                      std::vector<std::uint8_t>& scratch, const Body& body) {
  for (const std::shared_ptr<const Part>& part : parts) {
    if (!filter.may_have(part->first, part->last)) continue;
    for (const EventNameId event : filter.selection().events) {
      const LiveRun* run = part->run(event);
      if (run == nullptr || !filter.may_have((*run)->first, (*run)->last)) continue;
      const RowRange rows = rows_of_customers(**run, first, last);
      if (rows.begin != rows.end) body(**run, rows, filter.meant(*run, rows, scratch));
    }
  }
}

// How often each of the customers from `first` on acts in the rows that are meant.
void count_rows(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
                std::size_t first, std::span<std::uint32_t> counts) {
  if (mask.empty()) {
    run.customers.for_each(rows.begin, rows.end, [&](std::size_t, CustomerId customer) {
      ++counts[index(customer) - first];
    });
    return;
  }
  run.customers.for_each(rows.begin, rows.end, [&](std::size_t row, CustomerId customer) {
    counts[index(customer) - first] += mask[row - rows.begin];
  });
}

// Exact sums of a block of customers. Two doubles hold nearly every sum exactly; what they cannot
// hold goes to a wide sum of the customer's own.
class SumsOfCustomers {
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

  // An integer of more than 53 bits is no double, but two halves are.
  void add(std::size_t customer, std::int64_t number) {
    constexpr std::int64_t kHalf = std::int64_t{1} << 32;
    const std::int64_t upper = number / kHalf;
    add(customer, static_cast<double>(upper) * 0x1p32);
    add(customer, static_cast<double>(number - upper * kHalf));
  }

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

void sum_rows(const Run& run, RowRange rows, std::span<const std::uint8_t> mask, ColumnId of,
              std::size_t first, SumsOfCustomers& sums) {
  const RunColumn* column = run.column(of);
  if (column == nullptr) return;
  const auto add_rows = [&](std::size_t begin, std::size_t end, const auto& value_of) {
    run.customers.for_each(begin, end, [&](std::size_t row, CustomerId customer) {
      if (!mask.empty() && mask[row - rows.begin] == 0) return;
      if (column->has(row)) sums.add(index(customer) - first, value_of(row));
    });
  };
  if (const auto* whole = std::get_if<Int64Values>(&column->values)) {
    whole->numbers.visit([&](const auto offsets) {
      add_rows(rows.begin, rows.end, [&](std::size_t row) {
        return Int64Values::number(whole->numbers.base() + offsets[row]);
      });
    });
  }
  if (const auto* real = std::get_if<RealValues>(&column->values)) {
    for_each_reals(*real, rows, [&](std::size_t begin, std::span<const double> values) {
      add_rows(begin, begin + values.size(), [&](std::size_t row) { return values[row - begin]; });
    });
  }
}

// Adds the customers [first, last) whose measure is in bounds.
template <typename Number, typename Measure>
void select_customers(std::size_t first, std::size_t last, Range<Number> bounds,
                      const Measure& measure, CustomerSet& set) {
  for (std::size_t customer = first; customer < last; ++customer) {
    const std::uint64_t inside = bounds.has(measure(customer - first)) ? 1 : 0;
    set.words()[customer / 64] |= inside << (customer % 64);
  }
}

}  // namespace

absl::StatusOr<CustomerSet> customers_by_count(const Snapshot& snapshot,
                                               const EventSelection& selection,
                                               Range<std::int64_t> bounds, const Stop& stop) {
  struct Scratch {
    std::vector<std::uint32_t> counts;
    std::vector<std::uint8_t> mask;
  };
  const RowFilter filter(snapshot, selection);
  const Parts parts = snapshot.parts();  // Sorts what came last, once, before tasks look at it.
  CustomerSet set(snapshot.customers().count());
  WorkerLocal<Scratch> scratch([] { return Scratch{}; });
  for_each_block(set.customers(), kCustomersPerTask, [&](std::size_t first, std::size_t last) {
    if (stop.requested()) return;
    Scratch& mine = scratch.mine();
    mine.counts.assign(last - first, 0);
    for_each_stretch(parts, filter, first, last, mine.mask,
                     [&](const Run& run, RowRange rows, std::span<const std::uint8_t> mask) {
                       count_rows(run, rows, mask, first, mine.counts);
                     });
    select_customers(
        first, last, bounds, [&](std::size_t i) { return std::int64_t{mine.counts[i]}; }, set);
  });
  if (stop.requested()) return absl::CancelledError("stopped while counting events");
  return set;
}

absl::StatusOr<CustomerSet> customers_by_sum(const Snapshot& snapshot,
                                             const EventSelection& selection, ColumnId of,
                                             Range<double> bounds, const Stop& stop) {
  struct Scratch {
    SumsOfCustomers sums;
    std::vector<std::uint8_t> mask;
  };
  const RowFilter filter(snapshot, selection);
  const Parts parts = snapshot.parts();  // Sorts what came last, once, before tasks look at it.
  CustomerSet set(snapshot.customers().count());
  WorkerLocal<Scratch> scratch([] { return Scratch{}; });
  for_each_block(set.customers(), kCustomersPerTask, [&](std::size_t first, std::size_t last) {
    if (stop.requested()) return;
    Scratch& mine = scratch.mine();
    mine.sums.reset(last - first);
    for_each_stretch(parts, filter, first, last, mine.mask,
                     [&](const Run& run, RowRange rows, std::span<const std::uint8_t> mask) {
                       sum_rows(run, rows, mask, of, first, mine.sums);
                     });
    select_customers(
        first, last, bounds, [&](std::size_t i) { return mine.sums.rounded(i); }, set);
  });
  if (stop.requested()) return absl::CancelledError("stopped while summing events");
  return set;
}

}  // namespace grapevine
