#pragma once

#include <cstdint>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "kernels/segment/event_rows.hpp"
#include "kernels/segment/event_selection.hpp"
#include "kernels/segment/measure.hpp"
#include "kernels/segment/value_test.hpp"
#include "storage/ids.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// The customers who are the actor of a number of the selected events that `bounds` has. One who
/// did none of them counts 0.
///
/// Errors  Cancelled: `stop` fired.
/// Cost    Reads the rows of the selected names in the parts and runs that touch the window, in
///         parallel over customers; for rules on strings one test of each distinct string before.
absl::StatusOr<CustomerSet> customers_by_count(const Snapshot& snapshot,
                                               const EventSelection& selection,
                                               Range<std::int64_t> bounds, const Stop& stop);

/// The customers for whom the sum of column `of` over the selected events is in `bounds`. Rows
/// without a number add nothing; the sum of nothing is 0.
///
/// Order   The sum is exact, rounded once to the nearest double: it does not depend on the order of
///         rows, nor on how many threads there are.
/// Errors  Cancelled: `stop` fired.
/// Cost    As `customers_by_count`, and 16 bytes a customer of a task.
absl::StatusOr<CustomerSet> customers_by_sum(const Snapshot& snapshot,
                                             const EventSelection& selection, ColumnId of,
                                             Range<double> bounds, const Stop& stop);

/// The customers for whom the measure of the selected events is in its bounds. `pick`: of each
/// customer only the first or last event of those names, to which the selection then applies.
///
/// Errors  Cancelled: `stop` fired.
/// Cost    As `customers_by_count`, and a pass over customers and times for `pick`; Avg as Sum;
///         Distinct 16 bytes a row of a task's customers.
absl::StatusOr<CustomerSet> customers_by_measure(const Snapshot& snapshot,
                                                 const EventSelection& selection,
                                                 const RowPick& pick, const Measure& measure,
                                                 const EventScan& scan, const Stop& stop);

}  // namespace grapevine
