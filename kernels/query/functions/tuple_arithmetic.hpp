#pragma once

#include "kernels/query/functions/call.hpp"

namespace grapevine::sql {

/// Whether plus, minus, multiply or divide goes element by element: of two arrays or two tuples.
bool is_nested_arithmetic(const Call& call);
/// Errors  IllegalTypeOfArgument (43), SizesOfColumnsDontMatch for arrays of other lengths.
absl::StatusOr<Resolved> nested_arithmetic(const Call& call);

}  // namespace grapevine::sql
