#pragma once

#include <memory>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/parse/propagation_query.hpp"
#include "api/plan/people.hpp"
#include "kernels/propagation/probability.hpp"

namespace grapevine {

/// How likely word passes each edge of a question's graph. Under linear threshold they are weights,
/// divided by their sum at a listener where that exceeds 1.
/// Errors  Unprocessable: there is nothing to learn from. Cancelled.
/// Cost    Nothing for the rules asked for last; else a pass over the edges, and for what is learned
///         one over the events that tell it.
absl::StatusOr<std::shared_ptr<const PassProbabilities>> edge_probabilities(
    const PropagationQuery& query, const GraphSource& source, const Context& context);

}  // namespace grapevine
