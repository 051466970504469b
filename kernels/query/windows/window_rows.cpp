#include "kernels/query/windows/window_rows.hpp"

#include <algorithm>
#include <utility>

#include "kernels/query/group_table.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {

absl::StatusOr<WindowRows> order_window(std::span<const ColumnPtr> partition_by,
                                        std::span<const SortKey> order_by, std::size_t rows,
                                        const Stop& stop) {
  WindowRows window;
  // Partitions are numbered first: then one number a row is sorted by, whatever their keys are.
  std::vector<SortKey> keys;
  std::vector<std::uint32_t> groups(partition_by.empty() ? 0 : rows);
  if (!partition_by.empty()) {
    std::vector<DataType> types;
    for (const ColumnPtr& key : partition_by) types.push_back(key->type);
    GroupTable table(types);
    table.assign(partition_by, rows, groups);
    auto numbers = new_fixed(plain(TypeId::UInt32), rows);
    std::copy(groups.begin(), groups.end(), numbers->fixed<std::uint32_t>().begin());
    keys.push_back({std::move(numbers)});
  }
  keys.insert(keys.end(), order_by.begin(), order_by.end());
  GRAPEVINE_ASSIGN_OR_RETURN(SortedRows sorted, sort_rows_and_ties(keys, rows, stop));
  window.order = std::move(sorted.rows);
  window.partition.resize(rows);
  window.peers_begin.resize(rows);
  window.peers_end.resize(rows);
  std::uint32_t peers = 0;
  for (std::uint32_t at = 0; at < rows; ++at) {
    const bool is_first = at == 0 || (!partition_by.empty() &&
                                      groups[window.order[at]] != groups[window.order[at - 1]]);
    if (is_first) window.begins.push_back(at);
    if (is_first || sorted.is_new[at] != 0) {
      std::fill(window.peers_end.begin() + peers, window.peers_end.begin() + at, at);
      peers = at;
    }
    window.partition[at] = static_cast<std::uint32_t>(window.begins.size() - 1);
    window.peers_begin[at] = peers;
  }
  std::fill(window.peers_end.begin() + peers, window.peers_end.end(),
            static_cast<std::uint32_t>(rows));
  window.begins.push_back(static_cast<std::uint32_t>(rows));
  return window;
}

}  // namespace grapevine::sql
