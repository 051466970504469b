#pragma once

#include <string>

#include "kernels/query/column.hpp"

namespace grapevine::sql {

/// number_tip() of a value; empty where it is no number.
std::string value_tip(const Column& column, std::size_t row);

}  // namespace grapevine::sql
