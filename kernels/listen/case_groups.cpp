#include "kernels/listen/case_groups.hpp"

#include <atomic>
#include <cstddef>

#include "kernels/listen/groups_of_run.hpp"
#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kRowsTogether = 4096;

// Groups the cases [first, last), which are of one run.
void group_cases_of_run(std::span<const ServiceCase> cases, std::size_t first, std::size_t last,
                        std::span<const GroupDimension> dimensions, const Stop& stop,
                        std::atomic<std::size_t>& count, std::vector<GroupedCase>& grouped) {
  GroupsOfRun groups(*cases[first].run, dimensions);
  for (std::size_t d = 0; d < dimensions.size(); ++d) {
    if (groups.has_none(d)) return;
  }
  std::vector<GroupedRow> rows;
  for (std::size_t begin = first, end = first; begin < last && !stop.requested(); begin = end) {
    const std::uint32_t row = cases[begin].row;
    rows.clear();
    for (; end < last && cases[end].row < row + kRowsTogether; ++end) {
      rows.push_back({cases[end].row - row, 0});
    }
    for (std::size_t d = 0; d < dimensions.size() && !rows.empty(); ++d) {
      groups.divide(d, row, rows);
    }
    if (count.fetch_add(rows.size(), std::memory_order_relaxed) > kGroupedCasesMax) return;
    std::size_t of = begin;
    for (const GroupedRow& found : rows) {
      while (cases[of].row != row + found.row) ++of;
      grouped.push_back({static_cast<std::uint32_t>(of), found.group});
    }
  }
}

}  // namespace

absl::StatusOr<std::vector<GroupedCase>> group_cases(std::span<const ServiceCase> cases,
                                                     std::span<const GroupDimension> dimensions,
                                                     const Stop& stop) {
  std::size_t groups = 1;
  for (const GroupDimension& dimension : dimensions) {
    groups *= dimension.groups;
    if (groups > kCaseGroupsMax) {
      return absl::InvalidArgumentError("more than 4194304 groups: ask for fewer");
    }
  }
  std::vector<std::size_t> begins;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (i == 0 || cases[i].run != cases[i - 1].run) begins.push_back(i);
  }
  std::vector<std::vector<GroupedCase>> of_run(begins.size());
  std::atomic<std::size_t> count{0};
  for_each(begins.size(), [&](std::size_t r) {
    if (stop.requested()) return;
    const std::size_t last = r + 1 < begins.size() ? begins[r + 1] : cases.size();
    group_cases_of_run(cases, begins[r], last, dimensions, stop, count, of_run[r]);
  });
  if (stop.requested()) return absl::CancelledError("stopped while grouping complaints");
  if (count > kGroupedCasesMax) {
    return absl::InvalidArgumentError("more than 134217728 complaints of groups: ask for fewer");
  }
  std::vector<GroupedCase> grouped;
  for (const std::vector<GroupedCase>& more : of_run) {
    grouped.insert(grouped.end(), more.begin(), more.end());
  }
  return grouped;
}

}  // namespace grapevine
