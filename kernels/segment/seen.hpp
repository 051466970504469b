#pragma once

#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "storage/ids.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Stands where a customer did nothing yet. No event has this time.
inline constexpr TimeMs kNever = INT64_MIN;

/// When each customer was first and last the actor of an event. Shapes: an element a customer,
/// filled up with kNever to a multiple of 64.
struct SeenTimes {
  std::vector<TimeMs> first;
  std::vector<TimeMs> last;
};

/// The customers' first and last events until `as_of`, that moment included.
///
/// Errors  Cancelled: `stop` fired.
/// Cost    One pass over the customers and times of all runs, in parallel over customers.
absl::StatusOr<SeenTimes> seen_times(const Snapshot& snapshot, TimeMs as_of, const Stop& stop);

/// The last events of the members of a set; kNever for everyone else. Shapes: as SeenTimes.
struct LastSeen {
  std::vector<TimeMs> times;
  TimeMs exact_after =
      kNever;             ///< A later one is right. Of others it is known that they are not later.
  std::size_t exact = 0;  ///< How many members' are later.
};

/// The last events until `as_of`, that moment included: right for `most` members at least, the last
/// seen, or for all. `among` ranges over the snapshot's customers.
///
/// Errors  Cancelled: `stop` fired.
/// Cost    Reads the newest runs alone: down to those in which enough members were last seen; or, where all
///         are meant, down to those that are older than the last event of every member of a task's customers.
absl::StatusOr<LastSeen> last_times(const Snapshot& snapshot, const CustomerSet& among,
                                    TimeMs as_of, std::size_t most, const Stop& stop);

}  // namespace grapevine
