#pragma once

#include <vector>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/parse/propagation_query.hpp"
#include "api/plan/people.hpp"

namespace grapevine {

/// A number of each person of a question's graph: an attribute, a computed one or a score; NaN where
/// there is none.
/// Shapes  Result: by vertex.
/// Errors  Unprocessable: no such attribute, or it is no number. Cancelled.
absl::StatusOr<std::vector<double>> people_numbers(const AttributeName& attribute,
                                                   const GraphSource& source,
                                                   const Context& context);

/// The same as what people are worth: nothing, where there is none or it is below 0.
absl::StatusOr<std::vector<double>> people_values(const AttributeName& attribute,
                                                  const GraphSource& source,
                                                  const Context& context);

}  // namespace grapevine
