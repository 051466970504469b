#include <algorithm>

#include "api/sql/execute/operators.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/query/group_by.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// What a block is grouped by and what is aggregated of it.
absl::Status add_block(const Plan& plan, const std::vector<BoundPtr>& arguments, GroupLane& lane,
                       GroupLane* totals, Block block) {
  Evaluator evaluate(block);
  std::vector<ColumnPtr> keys;
  std::vector<ColumnPtr> values;
  for (const BoundPtr& key : plan.keys) {
    GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr column, evaluate(key));
    keys.push_back(std::move(column));
  }
  for (const BoundPtr& argument : arguments) {
    GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr column, evaluate(argument));
    values.push_back(std::move(column));
  }
  GRAPEVINE_RETURN_IF_ERROR(lane.add(keys, values, block.rows));
  return totals == nullptr ? absl::OkStatus() : totals->add({}, values, block.rows);
}

// The row of all groups together, whose keys are defaults.
absl::StatusOr<Block> totals_of(const Plan& plan, std::vector<GroupLane> lanes,
                                QueryContext& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<Block> blocks,
                             finish_groups(std::move(lanes), context.api.stop, context.memory));
  Block row{1, {}};
  for (const BoundPtr& key : plan.keys) row.columns.push_back(constant_default(key->type, 1));
  for (const ColumnPtr& column : blocks.front().columns) row.columns.push_back(column);
  return row;
}

}  // namespace

absl::StatusOr<Executed> execute_aggregate(const Plan& plan, const BlockSource& input,
                                           QueryContext& context, const CustomerRows& by_customer) {
  std::vector<DataType> types;
  for (const BoundPtr& key : plan.keys) types.push_back(key->type);
  std::vector<AggregateCall> calls;
  std::vector<BoundPtr> arguments;
  for (const PlannedAggregate& call : plan.aggregates) {
    calls.push_back({call.aggregate, call.arguments.size()});
    arguments.insert(arguments.end(), call.arguments.begin(), call.arguments.end());
  }
  const auto stretches = lanes_of(input);
  std::vector<GroupLane> lanes;
  std::vector<GroupLane> totals;
  for (std::size_t i = 0; i < stretches.size(); ++i) {
    lanes.emplace_back(types, calls, context.memory);
    if (plan.with_totals) totals.emplace_back(std::vector<DataType>{}, calls, context.memory);
  }
  std::vector<absl::Status> statuses(stretches.size());
  for_each(stretches.size(), [&](std::size_t i) {
    for (std::size_t m = stretches[i].first; m < stretches[i].second && statuses[i].ok(); ++m) {
      if (by_customer.per_morsel > 0) {
        const CodeRange range{static_cast<std::uint32_t>(m * by_customer.per_morsel),
                              by_customer.per_morsel};
        lanes[i].expect_codes(by_customer.calls, range);
        if (plan.with_totals) totals[i].expect_codes(by_customer.calls, range);
      }
      statuses[i] = input.read(m, [&](Block block) {
        return add_block(plan, arguments, lanes[i], plan.with_totals ? &totals[i] : nullptr,
                         std::move(block));
      });
    }
    // What the next lane needs is what this one had.
    lanes[i].expect_codes(by_customer.calls, {});
    if (plan.with_totals) totals[i].expect_codes(by_customer.calls, {});
  });
  for (absl::Status& status : statuses) GRAPEVINE_RETURN_IF_ERROR(std::move(status));
  GRAPEVINE_RETURN_IF_ERROR(context.check());
  MemoryLease lease(context.memory);
  GRAPEVINE_ASSIGN_OR_RETURN(std::vector<Block> blocks,
                             finish_groups(std::move(lanes), context.api.stop, context.memory));
  std::size_t bytes = 0;
  for (const Block& block : blocks) bytes += bytes_of(block);
  GRAPEVINE_RETURN_IF_ERROR(lease.hold(bytes));
  Executed executed{leased_source(std::move(blocks), std::move(lease)), {}};
  if (plan.with_totals) {
    GRAPEVINE_ASSIGN_OR_RETURN(executed.totals, totals_of(plan, std::move(totals), context));
  }
  return executed;
}

}  // namespace grapevine::sql
