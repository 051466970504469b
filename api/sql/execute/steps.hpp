#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "api/sql/execute/execute.hpp"
#include "api/sql/execute/pipeline.hpp"
#include "api/sql/plan/plan.hpp"

namespace grapevine::sql {

/// Keeps the rows for which every condition holds, one condition after the other.
std::shared_ptr<const Step> filter_step(std::vector<BoundPtr> conditions);
/// Makes blocks of the expressions alone.
std::shared_ptr<const Step> project_step(std::vector<BoundPtr> expressions);

/// Makes a row for each element of arrays that stand side by side. `context` outlives it.
std::shared_ptr<const Step> array_join_step(const Plan& plan, const QueryContext& context);

/// A source whose blocks are small enough for expressions over them: of few rows where they make arrays
/// or strings of any length. `context` outlives it.
std::shared_ptr<const BlockSource> cut_for(const std::vector<BoundPtr>& expressions,
                                           std::shared_ptr<const BlockSource> source,
                                           const QueryContext& context);

/// A scan with the conditions that its source does not see to.
std::shared_ptr<const BlockSource> filtered(Scan scan, const QueryContext& context);

/// A HAVING over groups by customer as segments are found (`having_as_segment`); nullopt: it is not.
absl::StatusOr<std::optional<Executed>> execute_as_segment(const Plan& plan, QueryContext& context);
/// An aggregate whose groups the table numbers as it reads; nullopt: it does not.
absl::StatusOr<std::optional<Executed>> execute_numbered(const Plan& plan, QueryContext& context);
/// An aggregate over rows that are read by customer. Precondition: aggregates_by_customer().
absl::StatusOr<Executed> execute_by_customer(const Plan& plan, QueryContext& context);

}  // namespace grapevine::sql
