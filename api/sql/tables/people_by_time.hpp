#pragma once

#include <optional>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "api/sql/tables/event_conditions.hpp"
#include "api/sql/tables/table.hpp"

namespace grapevine::sql {

/// GROUP BY hour, day or week with counts of different customers: counted as active people are, without
/// groups of rows.
/// nullptr  The key is no stretch of time that repeats, some measure no such count, or some condition
///          nothing that the store can see to.
/// Shapes   `columns`: what each column of the expressions is, by its number. Result: a row a stretch
///          that has rows, in order of time. `context` outlives it.
absl::StatusOr<std::shared_ptr<const BlockSource>> count_people_by_time(
    const std::vector<BoundPtr>& conditions, const BoundPtr& key,
    std::span<const CustomerMeasure> counts, std::span<const EventColumn> columns,
    QueryContext& context);

}  // namespace grapevine::sql
