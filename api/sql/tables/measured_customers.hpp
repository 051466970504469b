#pragma once

#include <memory>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "api/sql/tables/event_conditions.hpp"
#include "api/sql/tables/table.hpp"

namespace grapevine::sql {

/// GROUP BY customer without groups: what is asked of each customer is noted at their number, a stretch
/// of customers after the other, and rows are read for those measures alone that mean them.
/// nullptr  Some measure or condition is nothing that the store can see to.
/// Shapes   `columns`: what each column of the expressions is, by its number. Blocks: the customer, then
///          each measure. `context` outlives the source.
absl::StatusOr<std::shared_ptr<const BlockSource>> measure_customers(
    const std::vector<BoundPtr>& conditions, std::span<const CustomerMeasure> measures,
    std::span<const EventColumn> columns, QueryContext& context);

}  // namespace grapevine::sql
