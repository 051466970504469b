#pragma once

#include <memory>
#include <span>
#include <string_view>

#include <absl/status/statusor.h>

#include "api/execute/computed_columns.hpp"
#include "api/live/ranked_score.hpp"

namespace grapevine {

/// What scores are made from.
struct ScoreSource {
  const ComputedColumns::Source& of;
  /// By customer, at least 0: of scores that ask what people are worth.
  std::span<const double> worth;
};

/// A score of kScores. Those of the graph are of its people; others of these and of everyone of whom
/// there is something to say.
/// Errors  Cancelled: `stop` fired.
absl::StatusOr<std::shared_ptr<const RankedScore>> influence_score(const ScoreSource& source,
                                                                   std::string_view name);

/// A score or a label as an attribute without a name. Who is not in the graph has no score of it; who
/// did nothing has 0 answers and is inactive.
/// Errors  Cancelled: `stop` fired.
absl::StatusOr<ComputedColumns::Column> influence_column(const ScoreSource& source,
                                                         std::string_view name);

}  // namespace grapevine
