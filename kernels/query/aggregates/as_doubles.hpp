#pragma once

#include <span>
#include <vector>

#include "kernels/query/column.hpp"

namespace grapevine::sql {

/// The numbers of a column as doubles: the column itself, or in `converted` if they are kept otherwise.
/// Precondition: numeric, not constant.
std::span<const double> as_doubles(const Column& column, std::vector<double>& converted);

}  // namespace grapevine::sql
