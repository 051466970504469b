#include "api/sql/execute/execute.hpp"

#include "api/sql/execute/operators.hpp"
#include "api/sql/execute/pipeline.hpp"
#include "api/sql/execute/steps.hpp"
#include "api/sql/plan/by_customer.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

class LeasedSource final : public BlockSource {
 public:
  LeasedSource(std::vector<Block> blocks, MemoryLease lease)
      : blocks_(blocks_source(std::move(blocks))), lease_(std::move(lease)) {}
  std::size_t morsels() const override { return blocks_->morsels(); }
  std::uint64_t rows() const override { return blocks_->rows(); }
  absl::Status read(std::size_t morsel, const Consume& consume) const override {
    return blocks_->read(morsel, consume);
  }

 private:
  std::shared_ptr<const BlockSource> blocks_;
  MemoryLease lease_;
};

std::shared_ptr<const BlockSource> with_step(std::shared_ptr<const BlockSource> source,
                                             std::shared_ptr<const Step> step,
                                             const QueryContext& context) {
  auto pipeline = std::make_shared<Pipeline>(std::move(source), context);
  pipeline->add(std::move(step));
  return pipeline;
}

absl::StatusOr<std::shared_ptr<const BlockSource>> execute_scan(const Plan& plan,
                                                                QueryContext& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(
      Scan scan, plan.table->scan({plan.scanned, plan.conditions, plan.shown}, context));
  context.progress.total_rows_to_read += scan.source->rows();
  return filtered(std::move(scan), context);
}

}  // namespace

std::vector<DataType> types_of(const std::vector<ResultColumn>& columns) {
  std::vector<DataType> types;
  for (const ResultColumn& column : columns) types.push_back(column.type);
  return types;
}

absl::StatusOr<std::vector<ColumnPtr>> evaluate_all(const std::vector<BoundPtr>& expressions,
                                                    const Block& block) {
  Evaluator evaluate(block);
  std::vector<ColumnPtr> columns;
  columns.reserve(expressions.size());
  for (const BoundPtr& expression : expressions) {
    GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr column, evaluate(expression));
    columns.push_back(std::move(column));
  }
  return columns;
}

std::shared_ptr<const BlockSource> leased_source(std::vector<Block> blocks, MemoryLease lease) {
  return std::make_shared<LeasedSource>(std::move(blocks), std::move(lease));
}

absl::StatusOr<Executed> execute(const Plan& plan, QueryContext& context) {
  GRAPEVINE_RETURN_IF_ERROR(context.check());
  GRAPEVINE_ASSIGN_OR_RETURN(auto as_segment, execute_as_segment(plan, context));
  if (as_segment) return *std::move(as_segment);
  if (aggregates_by_customer(plan)) return execute_by_customer(plan, context);
  GRAPEVINE_ASSIGN_OR_RETURN(auto numbered, execute_numbered(plan, context));
  if (numbered) return *std::move(numbered);
  std::vector<std::shared_ptr<const BlockSource>> inputs;
  std::optional<Block> totals;
  for (const PlanPtr& input : plan.inputs) {
    GRAPEVINE_ASSIGN_OR_RETURN(Executed executed, execute(*input, context));
    inputs.push_back(std::move(executed.source));
    if (executed.totals && plan.inputs.size() == 1) totals = std::move(executed.totals);
  }
  switch (plan.kind) {
    case Plan::Kind::Scan: {
      GRAPEVINE_ASSIGN_OR_RETURN(auto source, execute_scan(plan, context));
      return Executed{std::move(source), {}};
    }
    case Plan::Kind::Rows: return Executed{blocks_source({plan.block}), {}};
    case Plan::Kind::Filter:
      return Executed{with_step(cut_for(plan.conditions, inputs[0], context),
                                filter_step(plan.conditions), context),
                      std::move(totals)};
    case Plan::Kind::Project: {
      if (totals) {
        GRAPEVINE_ASSIGN_OR_RETURN(totals->columns, evaluate_all(plan.expressions, *totals));
      }
      return Executed{with_step(cut_for(plan.expressions, inputs[0], context),
                                project_step(plan.expressions), context),
                      std::move(totals)};
    }
    case Plan::Kind::ArrayJoin:
      return Executed{with_step(inputs[0], array_join_step(plan, context), context), {}};
    case Plan::Kind::Aggregate: {
      std::vector<BoundPtr> read = plan.keys;
      for (const PlannedAggregate& call : plan.aggregates) {
        read.insert(read.end(), call.arguments.begin(), call.arguments.end());
      }
      return execute_aggregate(plan, *cut_for(read, inputs[0], context), context);
    }
    case Plan::Kind::Join: {
      GRAPEVINE_ASSIGN_OR_RETURN(auto source, execute_join(plan, inputs[0], inputs[1], context));
      return Executed{std::move(source), {}};
    }
    case Plan::Kind::Sort: {
      GRAPEVINE_ASSIGN_OR_RETURN(auto source, execute_sort(plan, *inputs[0], context));
      return Executed{std::move(source), std::move(totals)};
    }
    case Plan::Kind::Limit: {
      GRAPEVINE_ASSIGN_OR_RETURN(auto source, execute_limit(plan, inputs[0], context));
      return Executed{std::move(source), std::move(totals)};
    }
    case Plan::Kind::LimitBy: {
      GRAPEVINE_ASSIGN_OR_RETURN(auto source, execute_limit_by(plan, inputs[0], context));
      return Executed{std::move(source), std::move(totals)};
    }
    case Plan::Kind::Distinct: {
      GRAPEVINE_ASSIGN_OR_RETURN(auto source, execute_distinct(plan, *inputs[0], context));
      return Executed{std::move(source), std::move(totals)};
    }
    case Plan::Kind::Window: {
      GRAPEVINE_ASSIGN_OR_RETURN(auto source, execute_window(plan, inputs[0], context));
      return Executed{std::move(source), {}};
    }
    case Plan::Kind::Union: return Executed{one_after_the_other(std::move(inputs)), {}};
    case Plan::Kind::Intersect:
    case Plan::Kind::Except: {
      GRAPEVINE_ASSIGN_OR_RETURN(auto source,
                                 execute_set_operation(plan, inputs[0], inputs[1], context));
      return Executed{std::move(source), {}};
    }
  }
  return query_error(QueryErrorCode::LogicalError, "a plan of no kind");
}

absl::StatusOr<Block> execute_whole(const Plan& plan, QueryContext& context,
                                    std::uint64_t rows_max) {
  GRAPEVINE_ASSIGN_OR_RETURN(const Executed executed, execute(plan, context));
  MemoryLease lease(context.memory);
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<Block> blocks,
                             collect(executed.source, context, lease, rows_max));
  Block whole;
  for (const Block& block : blocks) whole.rows += block.rows;
  whole.columns = joined(blocks, types_of(plan.columns));
  return whole;
}

}  // namespace grapevine::sql
