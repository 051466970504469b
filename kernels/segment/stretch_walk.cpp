#include "kernels/segment/stretch_walk.hpp"

namespace grapevine {

std::vector<const LiveRun*> selected_runs(std::span<const std::shared_ptr<const Part>> parts,
                                          const RowFilter& filter) {
  std::vector<const LiveRun*> runs;
  for (const std::shared_ptr<const Part>& part : parts) {
    for (const EventNameId event : filter.selection().events) {
      const LiveRun* live = part->run(event);
      if (live == nullptr || !filter.may_have(**live)) continue;
      runs.push_back(live);
    }
  }
  return runs;
}

void StretchWalk::begin(std::span<const LiveRun* const> runs, std::size_t first, std::size_t last) {
  assert(first < last && first >> 16 == (last - 1) >> 16);
  first_ = first;
  places_.clear();
  for (const LiveRun* live : runs) {
    const RowRange rows = rows_of_customers(**live, first, last);
    if (rows.begin == rows.end) continue;
    places_.push_back({live, (*live)->customers.lows().data(), rows.begin, rows.end});
  }
}

}  // namespace grapevine
