#pragma once

#include "kernels/query/column.hpp"

namespace grapevine::sql {

/// The order of two values of one type: -1, 0 or 1. NULL is equal to NULL and after all others, NaN after all
/// other numbers. For values in arrays: of whole columns use compare_numbers.
/// Precondition: the columns' types are the same, but for NULL.
int order_of_values(const Column& left, std::size_t left_row, const Column& right,
                    std::size_t right_row);

}  // namespace grapevine::sql
