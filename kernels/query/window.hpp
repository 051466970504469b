#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/query/aggregate.hpp"
#include "kernels/query/sort_rows.hpp"

namespace grapevine::sql {

/// Which rows around each one a window function looks at.
struct Frame {
  enum class Unit : std::uint8_t { Rows, Range };
  enum class Bound : std::uint8_t {
    UnboundedPreceding,
    Preceding,
    CurrentRow,
    Following,
    UnboundedFollowing,
  };
  Unit unit = Unit::Range;
  Bound begin = Bound::UnboundedPreceding;
  Bound end = Bound::CurrentRow;
  double begin_offset = 0;  ///< Rows, or the distance in the ORDER BY key's units.
  double end_offset = 0;
};

/// One call over one window. Either `aggregate` is set or `name` is a window function's: row_number,
/// rank, dense_rank, percent_rank, cume_dist, ntile, lag, lead, lagInFrame, leadInFrame, first_value,
/// last_value, nth_value.
struct WindowCall {
  std::string name;
  AggregatePtr aggregate;
  std::vector<ColumnPtr> arguments;
  Frame frame;
};

/// The type of a window function's answer. Errors: UnknownFunction (46), 42, 43.
absl::StatusOr<DataType> window_function_type(std::string_view name,
                                              std::span<const DataType> arguments);
bool is_window_function(std::string_view name);

/// Answers of one call, in the order in which the rows stand.
/// Shapes  columns of `rows` rows; `partition_by` and `order_by` may be empty.
absl::StatusOr<ColumnPtr> window_values(const WindowCall& call,
                                        std::span<const ColumnPtr> partition_by,
                                        std::span<const SortKey> order_by, std::size_t rows,
                                        const Stop& stop);

}  // namespace grapevine::sql
