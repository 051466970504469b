#pragma once

#include <absl/status/statusor.h>

#include "api/message.hpp"

namespace grapevine {

/// POST /v1/wom/simulate, operation `simulateWom`: how far word spreads from given seeds.
absl::StatusOr<Response> simulate_wom(const Request& request, const Context& context);

/// POST /v1/wom/seeds, operation `chooseSeeds`: whom to tell first.
absl::StatusOr<Response> choose_wom_seeds(const Request& request, const Context& context);

/// POST /v1/wom/contain, operation `containWom`: who should hear the company's side first.
absl::StatusOr<Response> contain_wom(const Request& request, const Context& context);

}  // namespace grapevine
