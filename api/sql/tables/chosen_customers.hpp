#pragma once

#include <span>
#include <vector>

#include "api/sql/tables/event_conditions.hpp"
#include "api/sql/tables/table.hpp"

namespace grapevine::sql {

/// GROUP BY customer HAVING, as the measures of events that segments ask for: no group is made.
/// Nothing is read before the choice is called.
/// Empty   Some condition or aggregate is no such measure.
/// Shapes  `columns`: what each column of the conditions and tests is, by its number. `context` outlives
///         the choice.
CustomerChoice choose_customers(const std::vector<BoundPtr>& conditions,
                                std::span<const CustomerTest> tests,
                                std::span<const EventColumn> columns, QueryContext& context);

}  // namespace grapevine::sql
