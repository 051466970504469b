#pragma once

#include "kernels/query/functions/call.hpp"

namespace grapevine::sql {

/// plus where one side is a time or an interval. Errors  IllegalTypeOfArgument (43).
absl::StatusOr<Resolved> add_times(const Call& call);
/// minus where one side is a time or an interval. Errors  IllegalTypeOfArgument (43).
absl::StatusOr<Resolved> subtract_times(const Call& call);

}  // namespace grapevine::sql
