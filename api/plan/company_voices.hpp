#pragma once

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Who speaks for the company: customers whose trait `kind` is `employee`, or `brand` with a true
/// `own`. Empty where nobody is marked so.
/// Errors  Cancelled. Cost: two passes over `kind`, and a look at each brand.
absl::StatusOr<CustomerSet> company_voices(const Snapshot& snapshot, const Stop& stop);

}  // namespace grapevine
