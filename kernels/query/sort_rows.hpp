#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/query/column.hpp"

namespace grapevine::sql {

struct SortKey {
  ColumnPtr column;
  bool descending = false;
  bool nulls_first = false;  ///< NaN stands with NULL, between it and other values.
};

/// How two rows of a column compare, as ORDER BY, min, max and joins see it: below, at or above 0.
/// NaN comes after all numbers. NULLs are not looked at, but within arrays and tuples, where they come
/// after all values. Strings by bytes, arrays and tuples by their first difference.
int compare_values(const Column& a, std::size_t row_a, const Column& b, std::size_t row_b);

/// The same as a key sees it: descending or not, NULL and NaN before or after the rest of the values.
int compare_keys(const SortKey& key, std::size_t row_a, std::size_t row_b);

/// The rows in order, ties in the order in which they stand; only the first `limit` of them, where
/// that is less. In parallel; the same on any number of threads.
/// Errors  Cancelled: `stop` fired.
absl::StatusOr<std::vector<std::uint32_t>> sort_rows(std::span<const SortKey> keys,
                                                     std::size_t rows, std::size_t limit,
                                                     const Stop& stop);

/// Rows in order, and where something else begins.
struct SortedRows {
  std::vector<std::uint32_t> rows;
  std::vector<std::uint8_t> is_new;  ///< By position: whether some key differs from the row before.
};
/// All rows, as sort_rows has them. Errors  as sort_rows.
absl::StatusOr<SortedRows> sort_rows_and_ties(std::span<const SortKey> keys, std::size_t rows,
                                              const Stop& stop);

}  // namespace grapevine::sql
