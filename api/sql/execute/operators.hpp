#pragma once

#include <memory>

#include <absl/status/statusor.h>

#include "api/sql/execute/execute.hpp"
#include "api/sql/execute/pipeline.hpp"
#include "api/sql/plan/plan.hpp"

namespace grapevine::sql {

// One function for each kind of operator that is more than a step: its inputs are executed already.

/// What is to be aggregated, and of which customers it is.
struct CustomerRows {
  std::size_t per_morsel = 0;      ///< As Scan::customers_per_morsel.
  std::vector<std::size_t> calls;  ///< Aggregates whose first argument is the customer.
};
absl::StatusOr<Executed> execute_aggregate(const Plan& plan, const BlockSource& input,
                                           QueryContext& context,
                                           const CustomerRows& by_customer = {});
absl::StatusOr<std::shared_ptr<const BlockSource>> execute_join(
    const Plan& plan, std::shared_ptr<const BlockSource> left,
    std::shared_ptr<const BlockSource> right, QueryContext& context);
absl::StatusOr<std::shared_ptr<const BlockSource>> execute_sort(const Plan& plan,
                                                                const BlockSource& input,
                                                                QueryContext& context);
absl::StatusOr<std::shared_ptr<const BlockSource>> execute_distinct(const Plan& plan,
                                                                    const BlockSource& input,
                                                                    QueryContext& context);
absl::StatusOr<std::shared_ptr<const BlockSource>> execute_limit(
    const Plan& plan, const std::shared_ptr<const BlockSource>& input, QueryContext& context);
absl::StatusOr<std::shared_ptr<const BlockSource>> execute_limit_by(
    const Plan& plan, const std::shared_ptr<const BlockSource>& input, QueryContext& context);
absl::StatusOr<std::shared_ptr<const BlockSource>> execute_window(
    const Plan& plan, const std::shared_ptr<const BlockSource>& input, QueryContext& context);
absl::StatusOr<std::shared_ptr<const BlockSource>> execute_set_operation(
    const Plan& plan, const std::shared_ptr<const BlockSource>& left,
    const std::shared_ptr<const BlockSource>& right, QueryContext& context);

/// Types of the columns of a plan's input.
std::vector<DataType> types_of(const std::vector<ResultColumn>& columns);

/// Evaluates expressions over a block: one after the other, equal ones once.
absl::StatusOr<std::vector<ColumnPtr>> evaluate_all(const std::vector<BoundPtr>& expressions,
                                                    const Block& block);

/// Blocks that hold memory of the query's budget as long as somebody may read them.
std::shared_ptr<const BlockSource> leased_source(std::vector<Block> blocks, MemoryLease lease);

}  // namespace grapevine::sql
