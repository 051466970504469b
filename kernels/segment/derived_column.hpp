#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "kernels/segment/customer_set.hpp"
#include "kernels/segment/seen.hpp"
#include "storage/customers.hpp"

namespace grapevine {

enum class Arithmetic : std::uint8_t {
  Add,       ///< Of two or more, from left to right.
  Subtract,  ///< The second from the first.
  Divide,    ///< The first by the second.
};

/// Columns of numbers combined person by person, in doubles: Float64. Missing where an operand is,
/// and where the result is no finite number, as over 0.
/// Shapes  columns are Int64 or Float64. Cost: a pass over them.
std::shared_ptr<const AttributeColumn> combine_columns(
    Arithmetic operation, std::span<const AttributeColumn* const> columns,
    const CustomerSet& people);

/// The quantile group of each person's number, 1 to `groups`, among all people who have one: Int64.
/// Equal numbers are in the same group; see QuantileGroups. Shapes: Int64 or Float64.
std::shared_ptr<const AttributeColumn> group_column(const AttributeColumn& column,
                                                    const CustomerSet& people, std::size_t groups);

/// Times a customer as a column of epoch milliseconds: Int64; kNever is missing.
std::shared_ptr<const AttributeColumn> time_column(std::span<const TimeMs> times,
                                                   const CustomerSet& people);

}  // namespace grapevine
