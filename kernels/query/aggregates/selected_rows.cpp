#include "kernels/query/aggregates/selected_rows.hpp"

namespace grapevine::sql {

SelectedRows SelectedRows::of(std::span<const std::uint32_t> groups,
                              std::span<const ColumnPtr> columns,
                              std::span<const std::uint8_t> mask,
                              std::vector<std::uint32_t>& kept_groups,
                              std::vector<ColumnPtr>& kept_columns) {
  if (mask.empty()) return {groups, columns};
  kept_groups.resize(groups.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    kept_groups[count] = groups[i];
    count += mask[i] != 0 ? 1 : 0;
  }
  if (count == groups.size()) return {groups, columns};
  kept_groups.resize(count);
  kept_columns.clear();
  for (const ColumnPtr& column : columns) kept_columns.push_back(filter(column, mask, count));
  return {kept_groups, kept_columns};
}

}  // namespace grapevine::sql
