#pragma once

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/parse/propagation_query.hpp"
#include "api/plan/people.hpp"
#include "kernels/propagation/choose_seeds.hpp"

namespace grapevine {

/// Whom to tell first, of the people of a graph: what POST /v1/wom/seeds answers.
/// Errors  Unprocessable: there is nobody, a segment or attribute is not there, nobody may be a
///         seed, or the certificate would need too much memory. Cancelled.
absl::StatusOr<SeedChoice> find_seeds(const SeedsQuery& query, const GraphSource& source,
                                      const Context& context);

}  // namespace grapevine
