#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "api/sql/plan/plan.hpp"

namespace grapevine::sql {

/// The column of the customer of the rows that a plan aggregates, as one of those scanned, where the
/// table can read by customer.
std::optional<std::size_t> customer_of(const Plan& plan);
/// Whether an expression is that column of its input.
bool is_column(const BoundPtr& expression, std::size_t column);

/// The aggregates of a plan that count distinct customers, by number. `customer`: their column.
std::vector<std::size_t> distinct_customers(const Plan& plan, std::size_t customer);

/// Whether a plan groups by customer, or counts distinct customers, of what a table can read by
/// customer.
bool aggregates_by_customer(const Plan& plan);

}  // namespace grapevine::sql
