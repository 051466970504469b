#pragma once

#include "kernels/query/functions/call.hpp"

namespace grapevine::sql {

/// plus where one side is a time or an interval, or intervals of several units: a tuple of them. One more
/// is added to the tuple's last element, if that has its unit, else it stands behind it; a time is
/// moved by one after the other.
/// Errors  IllegalTypeOfArgument (43).
absl::StatusOr<Resolved> add_times(const Call& call);
/// minus of the same. Errors  IllegalTypeOfArgument (43).
absl::StatusOr<Resolved> subtract_times(const Call& call);

}  // namespace grapevine::sql
