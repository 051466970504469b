#pragma once

#include <memory>

#include "kernels/query/aggregate.hpp"

namespace grapevine::sql {

/// States that remember, for each group, the first argument of the row whose last argument is least
/// or largest: of several, that of the first row. A NaN key counts where there is nothing else.
std::unique_ptr<AggregateStates> make_value_with_extreme_key(DataType value, DataType key,
                                                             bool least);

}  // namespace grapevine::sql
