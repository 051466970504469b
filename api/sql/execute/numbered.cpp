#include <utility>

#include "api/sql/execute/lanes.hpp"
#include "api/sql/execute/operators.hpp"
#include "api/sql/execute/steps.hpp"
#include "kernels/query/numbered_groups.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

absl::Status add_block(const std::vector<BoundPtr>& arguments, NumberedGroups& lane,
                       const Block& block) {
  GRAPEVINE_ASSIGN_OR_RETURN(const auto values, evaluate_all(arguments, block));
  return lane.add(block.columns.back()->fixed<std::uint32_t>(), values);
}

std::vector<Block> blocks_of_groups(const NumberedScan& numbered, const FinishedGroups& groups) {
  std::vector<Block> blocks;
  for (std::size_t begin = 0; begin < groups.groups.size(); begin += kBlockRows) {
    const std::size_t end = std::min(begin + kBlockRows, groups.groups.size());
    Block block{end - begin, numbered.keys(std::span(groups.groups).subspan(begin, end - begin))};
    for (const ColumnPtr& column : groups.columns) {
      block.columns.push_back(slice(column, begin, end));
    }
    blocks.push_back(std::move(block));
  }
  return blocks;
}

}  // namespace

absl::StatusOr<std::optional<Executed>> execute_numbered(const Plan& plan, QueryContext& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(NumberedScan numbered, numbered_input(plan, context));
  if (numbered.scan.source == nullptr) return std::nullopt;
  std::vector<AggregateCall> calls;
  std::vector<BoundPtr> arguments;
  for (const PlannedAggregate& call : plan.aggregates) {
    calls.push_back({call.aggregate, call.arguments.size()});
    arguments.insert(arguments.end(), call.arguments.begin(), call.arguments.end());
  }
  context.progress.total_rows_to_read += numbered.scan.source->rows();
  const auto source = cut_for(arguments, filtered(std::move(numbered.scan), context), context);
  const auto stretches = lanes_of(*source);
  std::vector<NumberedGroups> lanes;
  for (std::size_t i = 0; i < stretches.size(); ++i) {
    GRAPEVINE_ASSIGN_OR_RETURN(NumberedGroups lane,
                               NumberedGroups::of(numbered.count, calls, context.memory));
    lanes.push_back(std::move(lane));
  }
  const auto read = [&](std::size_t lane, std::size_t morsel) {
    return source->read(
        morsel, [&](const Block& block) { return add_block(arguments, lanes[lane], block); });
  };
  GRAPEVINE_RETURN_IF_ERROR(read_lanes(*source, stretches, read));
  GRAPEVINE_RETURN_IF_ERROR(context.check());
  GRAPEVINE_ASSIGN_OR_RETURN(const FinishedGroups groups,
                             FinishedGroups::of(std::move(lanes), context.api.stop));
  MemoryLease lease(context.memory);
  std::vector<Block> blocks = blocks_of_groups(numbered, groups);
  std::size_t bytes = 0;
  for (const Block& block : blocks) bytes += bytes_of(block);
  GRAPEVINE_RETURN_IF_ERROR(lease.hold(bytes));
  return Executed{leased_source(std::move(blocks), std::move(lease)), {}};
}

}  // namespace grapevine::sql
