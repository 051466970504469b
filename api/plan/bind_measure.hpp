#pragma once

#include <optional>
#include <string>

#include "api/parse/definition.hpp"
#include "api/parse/mistakes.hpp"
#include "kernels/segment/measure.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// What is measured of events; none: that there is at least one. `pointer`: of the condition.
/// Unknown columns, and those that the measure cannot be of, are noted.
Measure bind_measure(const std::optional<Aggregate>& aggregate, const std::string& pointer,
                     const Snapshot& snapshot, Mistakes& mistakes);

/// Whether it is meant of who has no such event.
bool accepts_no_rows(const Measure& measure);

}  // namespace grapevine
