#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/query/sort_rows.hpp"

namespace grapevine::sql {

/// Rows in the order of a window: partition by partition, in each by the ORDER BY keys. Positions
/// count in that order.
struct WindowRows {
  std::vector<std::uint32_t> order;      ///< The row at each position.
  std::vector<std::uint32_t> partition;  ///< The number of each position's partition.
  std::vector<std::uint32_t>
      begins;  ///< Where each partition begins; then how many rows there are.
  std::vector<std::uint32_t> peers_begin;  ///< The first position with the same ORDER BY keys.
  std::vector<std::uint32_t> peers_end;    ///< Behind the last one.

  [[nodiscard]] std::uint32_t begin_of(std::size_t position) const {
    return begins[partition[position]];
  }
  [[nodiscard]] std::uint32_t end_of(std::size_t position) const {
    return begins[partition[position] + 1];
  }
};

/// Errors  Cancelled: `stop` fired.
absl::StatusOr<WindowRows> order_window(std::span<const ColumnPtr> partition_by,
                                        std::span<const SortKey> order_by, std::size_t rows,
                                        const Stop& stop);

}  // namespace grapevine::sql
