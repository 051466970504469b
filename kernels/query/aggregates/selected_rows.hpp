#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/query/aggregate.hpp"

namespace grapevine::sql {

/// The rows that a mask leaves, put side by side, for states that cannot pass over rows.
struct SelectedRows {
  std::span<const std::uint32_t> groups;
  std::span<const ColumnPtr> columns;

  /// Both stand in `kept_groups` and `kept_columns`, or where they stood where all rows are left.
  static SelectedRows of(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> columns,
                         std::span<const std::uint8_t> mask,
                         std::vector<std::uint32_t>& kept_groups,
                         std::vector<ColumnPtr>& kept_columns);
};

}  // namespace grapevine::sql
