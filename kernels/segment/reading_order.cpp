#include "kernels/segment/reading_order.hpp"

#include <algorithm>
#include <numeric>

namespace grapevine {
namespace {

// How many rows a step may mean at most.
std::size_t rows_of(const Snapshot& snapshot, const EventSelection& selection) {
  std::size_t rows = 0;
  for (const auto& part : snapshot.parts()) {
    for (const EventNameId event : selection.events) {
      const LiveRun* run = part->run(event);
      if (run == nullptr || (*run)->last < selection.from || (*run)->first >= selection.to)
        continue;
      rows += (*run)->size();
    }
  }
  return rows;
}

}  // namespace

std::vector<std::uint32_t> reading_order(const Snapshot& snapshot, const Sequence& sequence,
                                         std::size_t pinned) {
  std::vector<std::size_t> rows;
  for (const Sequence::Step& step : sequence.steps) rows.push_back(rows_of(snapshot, step.rows));
  std::vector<std::uint32_t> order(sequence.steps.size());
  std::iota(order.begin(), order.end(), 0U);
  const auto is_before = [&](std::uint32_t a, std::uint32_t b) {
    const bool a_negated = sequence.steps[a].negated;
    const bool b_negated = sequence.steps[b].negated;
    if (a_negated != b_negated) return b_negated;
    return rows[a] < rows[b];
  };
  const auto unpinned = order.begin() + static_cast<std::ptrdiff_t>(pinned);
  std::stable_sort(order.begin(), unpinned, is_before);
  std::stable_sort(unpinned, order.end(), is_before);
  return order;
}

}  // namespace grapevine
