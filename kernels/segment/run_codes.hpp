#pragma once

#include <absl/status/status.h>

#include "kernels/segment/event_selection.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Whether a column's values stand as codes of its dictionary wherever a selected row has one, so
/// that a kernel can count by code.
/// Errors  InvalidArgument: the column has no strings. FailedPrecondition: in some run they are no
///         codes: too many different ones, or values of another type came before.
absl::Status check_codes(const Snapshot& snapshot, const EventSelection& selection,
                         ColumnId column);

/// The codes of a run; nullptr: no row has a value. Precondition: check_codes said OK.
const PackedUints* codes_of(const RunColumn* column);

}  // namespace grapevine
