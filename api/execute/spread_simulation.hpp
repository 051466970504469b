#pragma once

#include <optional>
#include <vector>

#include <absl/status/statusor.h>

#include "api/execute/people_groups.hpp"
#include "api/message.hpp"
#include "api/parse/propagation_query.hpp"
#include "api/plan/people.hpp"
#include "kernels/propagation/simulate.hpp"
#include "kernels/propagation/simulate_rivals.hpp"

namespace grapevine {

/// How far word goes: of one side, or of two.
struct SimulatedSpread {
  std::optional<SpreadEstimate> alone;
  std::vector<Grouping> groupings;  ///< Of `alone`.
  std::optional<RivalSpread> rivals;
};

/// What POST /v1/wom/simulate answers. People outside of the graph reach themselves.
/// Errors  Unprocessable: people, segments or attributes that are not there. Cancelled.
absl::StatusOr<SimulatedSpread> simulate_spread(const SimulateQuery& query,
                                                const GraphSource& source, const Context& context);

}  // namespace grapevine
