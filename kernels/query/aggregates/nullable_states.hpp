#pragma once

#include <memory>
#include <vector>

#include "kernels/query/aggregate.hpp"

namespace grapevine::sql {

/// The aggregate for arguments that may be constant or have NULL: rows with a NULL are passed over.
/// `result_is_nullable`: a group of no other rows is NULL.
AggregatePtr passing_over_nulls(AggregatePtr aggregate, bool result_is_nullable);

/// The aggregate with a last argument more, a condition: rows where it is 0 or NULL are passed over.
AggregatePtr where_condition_holds(AggregatePtr aggregate);

/// NULL, or else the type's default, where a group had no rows (-OrNull, -OrDefault).
AggregatePtr or_null(AggregatePtr aggregate);
AggregatePtr or_default(AggregatePtr aggregate);

/// Of arrays the elements, row by row (-Array).
AggregatePtr of_elements(AggregatePtr aggregate);

/// Of rows of a group whose arguments are the same, only one (-Distinct).
AggregatePtr of_distinct(AggregatePtr aggregate, std::vector<DataType> arguments);

/// The answer for arguments that are always NULL.
AggregatePtr always(ColumnPtr answer);

}  // namespace grapevine::sql
