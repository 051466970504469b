#include <numeric>
#include <optional>

#include "api/sql/execute/lanes.hpp"
#include "api/sql/execute/operators.hpp"
#include "api/sql/execute/steps.hpp"
#include "kernels/query/group_by.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// What a block is grouped by and what is aggregated of it.
absl::Status add_block(const Plan& plan, const std::vector<BoundPtr>& arguments, GroupLane& lane,
                       GroupLane* totals, const Block& block) {
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

absl::StatusOr<std::shared_ptr<const BlockSource>> held(std::vector<Block> blocks,
                                                        QueryContext& context) {
  MemoryLease lease(context.memory);
  std::size_t bytes = 0;
  for (const Block& block : blocks) bytes += bytes_of(block);
  GRAPEVINE_RETURN_IF_ERROR(lease.hold(bytes));
  return leased_source(std::move(blocks), std::move(lease));
}

// The row of totals: keys are defaults.
Block totals_row(const Plan& plan, const std::vector<ColumnPtr>& aggregates) {
  Block row{1, {}};
  for (const BoundPtr& key : plan.keys) row.columns.push_back(constant_default(key->type, 1));
  row.columns.insert(row.columns.end(), aggregates.begin(), aggregates.end());
  return row;
}

// Of all rows.
absl::StatusOr<Block> totals_of(const Plan& plan, std::vector<GroupLane> lanes,
                                QueryContext& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<Block> blocks,
                             finish_groups(std::move(lanes), context.api.stop, context.memory));
  return totals_row(plan, blocks.front().columns);
}

// Leaves the groups for which HAVING holds. Those have a 1 in `chosen`, which begins with this block's.
absl::Status keep_having(const Step& having, std::span<std::uint8_t> chosen, Block& block) {
  auto numbers = new_fixed(plain(TypeId::UInt32), block.rows);
  std::iota(numbers->fixed<std::uint32_t>().begin(), numbers->fixed<std::uint32_t>().end(), 0U);
  block.columns.push_back(std::move(numbers));
  Block kept;
  GRAPEVINE_RETURN_IF_ERROR(having.push(std::move(block), [&](Block passed) {
    kept = std::move(passed);
    return absl::OkStatus();
  }));
  if (kept.rows > 0) {
    const ColumnPtr passed = full(kept.columns.back());
    for (const std::uint32_t number : passed->fixed<std::uint32_t>()) chosen[number] = 1;
    kept.columns.pop_back();
  }
  block = std::move(kept);
  return absl::OkStatus();
}

// The groups that HAVING leaves, and their totals.
absl::StatusOr<Executed> having_with_totals(const Plan& plan, std::vector<GroupLane> lanes,
                                            QueryContext& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(
      SummableGroups groups,
      SummableGroups::of(std::move(lanes), context.api.stop, context.memory));
  std::size_t rows = 0;
  for (const Block& block : groups.blocks) rows += block.rows;
  std::vector<std::uint8_t> chosen(rows, 0);
  const std::shared_ptr<const Step> having = filter_step(plan.having);
  std::size_t before = 0;
  for (Block& block : groups.blocks) {
    const std::span<std::uint8_t> of_block = std::span(chosen).subspan(before, block.rows);
    before += block.rows;
    GRAPEVINE_RETURN_IF_ERROR(keep_having(*having, of_block, block));
  }
  std::erase_if(groups.blocks, [](const Block& block) { return block.rows == 0; });
  GRAPEVINE_ASSIGN_OR_RETURN(const auto sums, groups.sum(chosen, context.api.stop));
  GRAPEVINE_ASSIGN_OR_RETURN(auto source, held(std::move(groups.blocks), context));
  return Executed{std::move(source), totals_row(plan, sums)};
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
  const bool totals_of_rows = plan.with_totals && plan.having.empty();
  std::vector<GroupLane> lanes;
  std::vector<GroupLane> totals;
  for (std::size_t i = 0; i < stretches.size(); ++i) {
    lanes.emplace_back(types, calls, context.memory);
    if (totals_of_rows) totals.emplace_back(std::vector<DataType>{}, calls, context.memory);
  }
  const auto read = [&](std::size_t lane, std::size_t morsel) -> absl::Status {
    GroupLane* const all = totals_of_rows ? &totals[lane] : nullptr;
    const auto expect = [&](CodeRange range) {
      lanes[lane].expect_codes(by_customer.calls, range);
      if (all != nullptr) all->expect_codes(by_customer.calls, range);
    };
    if (by_customer.per_morsel > 0) {
      expect({static_cast<std::uint32_t>(morsel * by_customer.per_morsel), by_customer.per_morsel});
    }
    GRAPEVINE_RETURN_IF_ERROR(input.read(morsel, [&](const Block& block) {
      return add_block(plan, arguments, lanes[lane], all, block);
    }));
    // What the next lane needs is what this one had.
    if (morsel + 1 == stretches[lane].end) expect({});
    return absl::OkStatus();
  };
  GRAPEVINE_RETURN_IF_ERROR(read_lanes(input, stretches, read));
  GRAPEVINE_RETURN_IF_ERROR(context.check());
  if (!plan.having.empty()) return having_with_totals(plan, std::move(lanes), context);
  GRAPEVINE_ASSIGN_OR_RETURN(std::vector<Block> blocks,
                             finish_groups(std::move(lanes), context.api.stop, context.memory));
  Executed executed;
  GRAPEVINE_ASSIGN_OR_RETURN(executed.source, held(std::move(blocks), context));
  if (totals_of_rows) {
    GRAPEVINE_ASSIGN_OR_RETURN(executed.totals, totals_of(plan, std::move(totals), context));
  }
  return executed;
}

}  // namespace grapevine::sql
