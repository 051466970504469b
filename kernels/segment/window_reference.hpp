#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "kernels/segment/event_selection.hpp"
#include "kernels/segment/seen.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Calls `body(run, row)` for every living row.
void for_each_row_reference(const Snapshot& snapshot,
                            const std::function<void(const Run&, std::size_t)>& body);

/// Whether a row is selected, asked of that row alone.
bool is_selected_reference(const Snapshot& snapshot, const Run& run, std::size_t row,
                           const EventSelection& selection);

/// How many of the selected events each customer did: every row of the snapshot is looked at alone.
std::vector<std::int64_t> count_events_reference(const Snapshot& snapshot,
                                                 const EventSelection& selection);

/// The sum of a column over them, by customer: all values are kept, then added exactly.
std::vector<double> sum_events_reference(const Snapshot& snapshot, const EventSelection& selection,
                                         ColumnId of);

/// What `seen_times` must answer, without the padding.
SeenTimes seen_times_reference(const Snapshot& snapshot, TimeMs as_of);

/// The double nearest to the exact sum, by growing a list of parts that do not overlap.
/// Source  Shewchuk, Discrete & Computational Geometry 18 (1997) 305-363.
double exact_sum_reference(std::span<const double> numbers);

}  // namespace grapevine
