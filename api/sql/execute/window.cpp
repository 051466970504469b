#include "kernels/query/window.hpp"

#include "api/sql/execute/operators.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {

absl::StatusOr<std::shared_ptr<const BlockSource>> execute_window(
    const Plan& plan, const std::shared_ptr<const BlockSource>& input, QueryContext& context) {
  MemoryLease lease(context.memory);
  Block whole;
  {
    GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<Block> blocks, collect(input, context, lease));
    for (const Block& block : blocks) whole.rows += block.rows;
    whole.columns = joined(blocks, types_of(plan.inputs[0]->columns));
  }
  if (whole.rows >= kNoRow) {
    return absl::ResourceExhaustedError("more rows than a window can look at (4 billion)");
  }
  Evaluator evaluate(whole);
  std::vector<ColumnPtr> made;
  for (const BoundPtr& expression : plan.expressions) {
    const BoundWindow& window = *expression->window;
    WindowCall call{expression->aggregate == nullptr ? expression->name : "",
                    expression->aggregate,
                    {},
                    window.frame};
    for (const BoundPtr& argument : expression->arguments) {
      GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr column, evaluate(argument));
      call.arguments.push_back(std::move(column));
    }
    std::vector<ColumnPtr> partition_by;
    for (const BoundPtr& key : window.partition_by) {
      GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr column, evaluate(key));
      partition_by.push_back(std::move(column));
    }
    std::vector<SortKey> order_by;
    for (const BoundOrder& item : window.order_by) {
      GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr column, evaluate(item.expression));
      order_by.push_back({std::move(column), item.descending, item.nulls_first});
    }
    GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr values, window_values(call, partition_by, order_by,
                                                               whole.rows, context.api.stop));
    made.push_back(std::move(values));
    GRAPEVINE_RETURN_IF_ERROR(context.check());
  }
  for (ColumnPtr& column : made) whole.columns.push_back(std::move(column));
  GRAPEVINE_RETURN_IF_ERROR(lease.hold(bytes_of(whole)));
  std::vector<Block> blocks;
  blocks.push_back(std::move(whole));
  return leased_source(std::move(blocks), std::move(lease));
}

}  // namespace grapevine::sql
