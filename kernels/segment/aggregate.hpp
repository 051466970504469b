#pragma once

#include <cstdint>
#include <memory>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/segment/event_rows.hpp"
#include "kernels/segment/event_selection.hpp"
#include "kernels/segment/measure.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// What each person's selected events come to, as an attribute without a name. The bounds of the
/// measure are not looked at.
///
/// Types   Count and Distinct are Int64, Sum and Avg Float64; Min and Max Int64 where the column
///         is, else Float64: a value kept in 32 bits becomes the shortest decimal that reads back
///         to it.
/// Nothing Of nothing, Count, Distinct and Sum are 0; Avg, Min and Max are missing. So is what no
///         finite double holds.
/// Errors  Cancelled: `stop` fired.
/// Cost    As `customers_by_measure`, and 8 bytes a customer.
absl::StatusOr<std::shared_ptr<const AttributeColumn>> measure_people(
    const Snapshot& snapshot, const EventSelection& selection, const RowPick& pick,
    const Measure& measure, const Stop& stop);

/// What is taken of an event.
struct EventValue {
  enum class Of : std::uint8_t {
    Column,  ///< The value of `column`.
    Target,  ///< The id of the customer whom it is directed at.
    Time,    ///< When it was.
  };
  Of of = Of::Column;
  ColumnId column{};
};

/// The value that each person's latest selected event with such a value has; of several at the same
/// time the one that arrived last. Missing where there is none.
///
/// Types   That of the column; Target is String, Time DateTime.
/// Errors  Cancelled: `stop` fired.
/// Cost    As counting, 32 bytes a customer; strings are then copied one by one.
absl::StatusOr<std::shared_ptr<const AttributeColumn>> latest_values(
    const Snapshot& snapshot, const EventSelection& selection, const RowPick& pick,
    const EventValue& value, const Stop& stop);

}  // namespace grapevine
