#pragma once

#include <string_view>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "kernels/segment/value_test.hpp"
#include "storage/snapshot.hpp"
#include "storage/value.hpp"

namespace grapevine {

inline constexpr std::string_view kRestrictedAttribute = "processing_restricted";

/// Whether a value of that attribute says anything but no. `type`: of its column.
ValueTest says_restricted(ValueType type);

/// The customers who are never listed: those whose attribute `processing_restricted` says anything
/// but no (false, 0, "false", "0", "no" or ""). Errors  Cancelled: `stop` fired.
absl::StatusOr<CustomerSet> restricted_customers(const Snapshot& snapshot, const Stop& stop);

}  // namespace grapevine
