#pragma once

#include <cstddef>
#include <span>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "kernels/segment/value_test.hpp"
#include "storage/customers.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// The customers whose attribute satisfies the test; one without the attribute never does.
///
/// Shapes  The set ranges over `customers`, as many as the snapshot has that `column` is from.
/// Errors  Cancelled: `stop` fired.
/// Cost    One vectorised pass over the column, in parallel over its chunks; for a column of
///         strings one test of each distinct string before.
absl::StatusOr<CustomerSet> scan_attribute(const AttributeColumn& column, std::size_t customers,
                                           const ValueTest& test, const Stop& stop);

/// The customers whose external id satisfies the test. Errors and cost as `scan_attribute`; ids
/// that the test lists are looked up, one by one.
absl::StatusOr<CustomerSet> scan_ids(const CustomerTable& customers, const ValueTest& test,
                                     const Stop& stop);

/// The customers i whose times[i] satisfies the test, among those where it is not kNever.
/// Shapes: `times` is as `seen_times` makes it, for `customers`.
absl::StatusOr<CustomerSet> scan_times(std::span<const TimeMs> times, std::size_t customers,
                                       const ValueTest& test, const Stop& stop);

}  // namespace grapevine
