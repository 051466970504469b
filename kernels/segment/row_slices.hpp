#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "kernels/segment/event_selection.hpp"
#include "kernels/segment/run_range.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// A piece of a run: work for one task where customers do not matter.
struct RowSlice {
  const LiveRun* live;
  RowRange rows;
};

/// The runs that may hold selected rows, cut into pieces of a task each. Valid as long as the
/// snapshot.
inline std::vector<RowSlice> slices_of(const Snapshot& snapshot, const RowFilter& filter) {
  constexpr std::size_t kRows = std::size_t{1} << 15;
  std::vector<RowSlice> slices;
  for (const std::shared_ptr<const Part>& part : snapshot.parts()) {
    for (const EventNameId event : filter.selection().events) {
      const LiveRun* live = part->run(event);
      if (live == nullptr || !filter.may_have(**live)) continue;
      for (std::size_t begin = 0; begin < (*live)->size(); begin += kRows) {
        slices.push_back({live, {begin, std::min(begin + kRows, (*live)->size())}});
      }
    }
  }
  return slices;
}

}  // namespace grapevine
