#pragma once

#include <cstddef>
#include <vector>

#include "api/sql/plan/plan.hpp"

namespace grapevine::sql {

/// Whether a plan groups by customer, or counts distinct customers, of what a table can read by
/// customer.
bool aggregates_by_customer(const Plan& plan);
/// The aggregates of a plan that count distinct customers, where these are column `customer`.
std::vector<std::size_t> distinct_customers(const Plan& plan, std::size_t customer);

}  // namespace grapevine::sql
