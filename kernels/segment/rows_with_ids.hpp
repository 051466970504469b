#pragma once

#include <span>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_rows.hpp"
#include "kernels/segment/event_rows.hpp"
#include "storage/ids.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Events by name, id and time: the ids as they were sent, or `row-SEQUENCE` where none was.
struct WantedIds {
  std::span<const EventNameId> events;
  std::span<const std::string> ids;
  TimeMs from = 0;  ///< Included.
  TimeMs to = 0;    ///< Excluded.
};

/// The living rows that are wanted, in no order; several may have one id. `reads` is told what was
/// read, where set.
///
/// Errors  Cancelled: `stop` fired.
/// Cost    One pass over the ids of the runs of those names that touch the stretch of time: 16 bytes
///         a row, where all ids are UUIDs.
absl::StatusOr<std::vector<CustomerRow>> rows_with_ids(const Snapshot& snapshot,
                                                       const WantedIds& wanted, ReadCounts* reads,
                                                       const Stop& stop);

}  // namespace grapevine
