#include "kernels/query/window.hpp"

#include "api/sql/execute/operators.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {

namespace {

// A call, and the values that it is of.
struct Asked {
  WindowCall call;
  std::vector<ColumnPtr> partition_by;
  std::vector<SortKey> order_by;
};

absl::StatusOr<std::vector<Asked>> ask(const std::vector<BoundPtr>& expressions,
                                       const Block& block) {
  Evaluator evaluate(block);
  std::vector<Asked> all;
  for (const BoundPtr& expression : expressions) {
    const BoundWindow& window = *expression->window;
    Asked asked;
    asked.call = {expression->aggregate == nullptr ? expression->name : "",
                  expression->aggregate,
                  {},
                  window.frame};
    for (const BoundPtr& argument : expression->arguments) {
      GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr column, evaluate(argument));
      asked.call.arguments.push_back(std::move(column));
    }
    for (const BoundPtr& key : window.partition_by) {
      GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr column, evaluate(key));
      asked.partition_by.push_back(std::move(column));
    }
    for (const BoundOrder& item : window.order_by) {
      GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr column, evaluate(item.expression));
      asked.order_by.push_back({std::move(column), item.descending, item.nulls_first});
    }
    all.push_back(std::move(asked));
  }
  return all;
}

}  // namespace

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
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<Asked> asked, ask(plan.expressions, whole));
  std::vector<absl::StatusOr<ColumnPtr>> made(asked.size());
  for_each(asked.size(), [&](std::size_t i) {
    made[i] = window_values(asked[i].call, asked[i].partition_by, asked[i].order_by, whole.rows,
                            context.api.stop);
  });
  for (absl::StatusOr<ColumnPtr>& column : made) {
    GRAPEVINE_RETURN_IF_ERROR(context.check());
    GRAPEVINE_RETURN_IF_ERROR(column.status());
    whole.columns.push_back(*std::move(column));
  }
  GRAPEVINE_RETURN_IF_ERROR(lease.hold(bytes_of(whole)));
  std::vector<Block> blocks;
  blocks.push_back(std::move(whole));
  return leased_source(std::move(blocks), std::move(lease));
}

}  // namespace grapevine::sql
