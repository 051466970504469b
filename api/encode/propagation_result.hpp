#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "api/execute/people_groups.hpp"
#include "api/parse/propagation_query.hpp"
#include "api/plan/people.hpp"
#include "kernels/propagation/choose_seeds.hpp"
#include "kernels/propagation/contain.hpp"
#include "kernels/propagation/simulate.hpp"
#include "kernels/propagation/simulate_rivals.hpp"

namespace grapevine {

/// What stands beside every answer that comes from the graph.
struct GraphAnswer {
  const GraphSource& source;
  std::uint64_t random_seed = 1;
  double elapsed_ms = 0.0;
};

/// Someone whom word may reach.
struct PersonAtRisk {
  Vertex person = 0;
  double probability = 0.0;
  double standard_error = 0.0;
};

/// The answer of POST /v1/wom/simulate. Shapes  groupings: as in the options of the simulation.
std::string encode_spread(const SpreadEstimate& spread, std::span<const Grouping> groupings,
                          const SimulateQuery& query, const GraphAnswer& answer);

/// The same of two sides.
std::string encode_rivals(const RivalSpread& spread, const SimulateQuery& query,
                          const GraphAnswer& answer);

/// The answer of POST /v1/wom/seeds.
std::string encode_seeds(const SeedChoice& choice, const GraphAnswer& answer);

/// The answer of POST /v1/wom/contain.
std::string encode_containment(const Containment& containment,
                               std::span<const PersonAtRisk> at_risk, const GraphAnswer& answer);

}  // namespace grapevine
