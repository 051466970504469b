#pragma once

#include "kernels/query/functions/call.hpp"

namespace grapevine::sql {

/// Adds `amount` (or takes it away) of a unit to a time. Days and longer keep what the clocks show; the
/// day of a month that is too short for it is its last.
/// Errors  IllegalTypeOfArgument (43).
absl::StatusOr<Resolved> shift_time(const Call& call, std::size_t time_argument,
                                    std::size_t amount_argument, IntervalUnit unit, bool subtract);

}  // namespace grapevine::sql
