#pragma once

#include <optional>
#include <span>

#include <absl/status/statusor.h>

#include "api/sql/tables/event_conditions.hpp"
#include "api/sql/tables/table.hpp"
#include "kernels/segment/customer_set.hpp"

namespace grapevine::sql {

/// GROUP BY customer HAVING, as the measures of events that segments ask for: no group is made.
/// nullopt  Some condition or aggregate is no such measure.
/// Shapes  `columns`: what each column of the conditions and tests is, by its number.
/// Errors  Cancelled.
absl::StatusOr<std::optional<CustomerSet>> choose_customers(
    const std::vector<BoundPtr>& conditions, std::span<const CustomerTest> tests,
    std::span<const EventColumn> columns, QueryContext& context);

}  // namespace grapevine::sql
