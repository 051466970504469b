#pragma once

#include <cstdint>
#include <string>

#include "api/plan/people.hpp"
#include "kernels/propagation/choose_seeds.hpp"
#include "kernels/propagation/simulate.hpp"

namespace grapevine {

/// What stands beside every answer that comes from the graph.
struct GraphAnswer {
  const GraphSource& source;
  std::uint64_t random_seed = 1;
  double elapsed_ms = 0.0;
};

/// The answer of POST /v1/wom/simulate.
std::string encode_spread(const SpreadEstimate& spread, std::size_t simulations,
                          const GraphAnswer& answer);

/// The answer of POST /v1/wom/seeds.
std::string encode_seeds(const SeedChoice& choice, const GraphAnswer& answer);

}  // namespace grapevine
