#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "kernels/query/column.hpp"
#include "kernels/segment/run_range.hpp"
#include "storage/part.hpp"

namespace grapevine::sql {

/// What the rows of a stretch of customers come to, as a column. Not thread-safe.
class CustomerState {
 public:
  CustomerState() = default;
  CustomerState(const CustomerState&) = delete;
  CustomerState& operator=(const CustomerState&) = delete;
  virtual ~CustomerState() = default;

  /// Nothing is known of so many customers.
  virtual void reset(std::size_t customers) = 0;
  /// Adds those of `rows` that `mask` (a byte a row; empty: all) means, to customers counted from
  /// `first`.
  virtual void add(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
                   std::size_t first) = 0;
  /// Marks who has rows that were added, a byte each. False: the state does not know.
  [[nodiscard]] virtual bool mark_present(std::span<std::uint8_t> marks) const {
    (void)marks;
    return false;
  }
  /// The results of customers by their number in the stretch, after the last `add`.
  virtual ColumnPtr results(std::span<const std::uint32_t> customers) = 0;
};

/// Values by quarter of an hour.
struct QuarterBits {
  TimeMs from = 0;  ///< The first one's beginning.
  std::vector<std::uint64_t> bits;
  bool any_is_0 = false;
  /// By quarter of an hour: the next one that has other bits, or how many there are.
  std::vector<std::uint32_t> next_change;

  /// Fills next_change.
  void find_changes();
};

/// count(): UInt64.
std::unique_ptr<CustomerState> row_counts();
/// max of a condition that holds for the rows that are added: 1 or 0, of that type, which is a byte
/// wide.
std::unique_ptr<CustomerState> any_row(DataType type);
/// min(ts), or max: of nobody's rows 1970.
std::unique_ptr<CustomerState> extreme_times(DataType type, bool greatest);
/// sum and avg of a column of decimals, the exact sum rounded once: Nullable(Float64).
std::unique_ptr<CustomerState> sums(ColumnId of, bool mean);
/// groupBitOr of what depends on the quarter of an hour. `of` outlives it. Precondition: it has those
/// of all rows that are added.
std::unique_ptr<CustomerState> bits_of_times(DataType type, const QuarterBits& of);

}  // namespace grapevine::sql
