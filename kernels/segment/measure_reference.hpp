#pragma once

#include "kernels/segment/chosen_rows.hpp"
#include "kernels/segment/customer_set.hpp"
#include "kernels/segment/event_selection.hpp"
#include "kernels/segment/measure.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// What `customers_by_measure` must answer: all rows of a customer are listed, sorted and picked
/// from, then measured one by one; values are compared as texts or long doubles.
///
/// Precondition  Of Avg, sums are doubles exactly.
CustomerSet customers_by_measure_reference(const Snapshot& snapshot,
                                           const EventSelection& selection, const RowPick& pick,
                                           const Measure& measure);

}  // namespace grapevine
