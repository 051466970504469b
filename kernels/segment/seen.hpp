#pragma once

#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
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

}  // namespace grapevine
