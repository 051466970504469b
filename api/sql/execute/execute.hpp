#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <absl/status/statusor.h>

#include "api/sql/execute/block_source.hpp"
#include "api/sql/execute/query_context.hpp"
#include "api/sql/plan/plan.hpp"

namespace grapevine::sql {

/// The rows of a plan: what streams is left to be read, what must be known as a whole (groups, order,
/// the right sides of joins) has been made.
struct Executed {
  std::shared_ptr<const BlockSource> source;
  std::optional<Block> totals;  ///< Of an aggregation WITH TOTALS.
};

/// Runs a plan as far as it does not stream. `context` outlives the source.
/// Errors  of the functions in it; 241 where memory does not suffice, 159 and 394 when it is stopped.
absl::StatusOr<Executed> execute(const Plan& plan, QueryContext& context);

/// All rows of a plan, as one block of its columns. At most `rows_max` rows.
absl::StatusOr<Block> execute_whole(const Plan& plan, QueryContext& context,
                                    std::uint64_t rows_max = ~std::uint64_t{0});

}  // namespace grapevine::sql
