#pragma once

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// The customers who are never listed: those whose attribute `processing_restricted` says anything
/// but no (false, 0, "false", "0", "no" or ""). Errors  Cancelled: `stop` fired.
absl::StatusOr<CustomerSet> restricted_customers(const Snapshot& snapshot, const Stop& stop);

}  // namespace grapevine
