#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "api/sql/tables/event_conditions.hpp"
#include "kernels/segment/customer_set.hpp"

namespace grapevine::sql {

/// An aggregate without its -If.
struct MeasuredRows {
  std::string_view function;
  std::span<const BoundPtr> of;
  BoundPtr condition;  ///< Of the rows that count; nullptr: all.
};
MeasuredRows measured_rows(std::string_view function, std::span<const BoundPtr> of);

/// The rows for which all conditions hold, of whomever they are: `left` is empty, and there are no
/// `customers`. nullopt: the store cannot say.
std::optional<EventConditions> select_rows(const std::vector<BoundPtr>& conditions,
                                           std::span<const EventColumn> columns,
                                           const Snapshot& snapshot, const SessionFacts& facts);

/// The customers who are in each set, or not; nullopt: there are no sets.
std::optional<CustomerSet> people_among(const std::vector<EventConditions::Among>& sets,
                                        QueryContext& context);

}  // namespace grapevine::sql
