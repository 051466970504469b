#include <algorithm>
#include <optional>

#include "api/sql/execute/operators.hpp"
#include "api/sql/execute/steps.hpp"
#include "kernels/query/group_by.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// Groups of which none has rows in two morsels, since the customer is among their keys: a morsel is
// grouped by itself, and what follows reads its groups while they are warm.
class GroupsOfMorsels final : public BlockSource {
 public:
  GroupsOfMorsels(const Plan& plan, std::shared_ptr<const BlockSource> input, QueryContext& context)
      : input_(std::move(input)), context_(context), keys_(plan.keys) {
    for (const BoundPtr& key : plan.keys) types_.push_back(key->type);
    for (const PlannedAggregate& call : plan.aggregates) {
      calls_.push_back({call.aggregate, call.arguments.size()});
      arguments_.insert(arguments_.end(), call.arguments.begin(), call.arguments.end());
    }
  }

  std::size_t morsels() const override { return input_->morsels(); }
  std::uint64_t rows() const override { return input_->rows(); }
  absl::Status read(std::size_t morsel, const Consume& consume) const override {
    GRAPEVINE_RETURN_IF_ERROR(context_.check());
    std::vector<GroupLane> lanes;
    lanes.emplace_back(types_, calls_, context_.memory);
    GRAPEVINE_RETURN_IF_ERROR(input_->read(morsel, [&](const Block& block) -> absl::Status {
      GRAPEVINE_ASSIGN_OR_RETURN(const auto keys, evaluate_all(keys_, block));
      GRAPEVINE_ASSIGN_OR_RETURN(const auto arguments, evaluate_all(arguments_, block));
      return lanes[0].add(keys, arguments, block.rows);
    }));
    GRAPEVINE_ASSIGN_OR_RETURN(std::vector<Block> groups,
                               finish_groups(std::move(lanes), context_.api.stop, context_.memory));
    for (Block& block : groups) {
      if (block.rows > 0) GRAPEVINE_RETURN_IF_ERROR(consume(std::move(block)));
    }
    return absl::OkStatus();
  }

 private:
  std::shared_ptr<const BlockSource> input_;
  QueryContext& context_;
  std::vector<BoundPtr> keys_;
  std::vector<DataType> types_;
  std::vector<AggregateCall> calls_;
  std::vector<BoundPtr> arguments_;
};

}  // namespace

bool groups_by_customer(const Plan& plan) {
  if (plan.kind != Plan::Kind::Aggregate || plan.with_totals ||
      plan.inputs[0]->kind != Plan::Kind::Scan) {
    return false;
  }
  const Plan& scan = *plan.inputs[0];
  const std::optional<std::size_t> customer = scan.table->customer_column();
  return customer && std::any_of(plan.keys.begin(), plan.keys.end(), [&](const BoundPtr& key) {
           return key->kind == Bound::Kind::Column && scan.scanned[key->column] == *customer;
         });
}

absl::StatusOr<Executed> execute_by_customer(const Plan& plan, QueryContext& context) {
  const Plan& input = *plan.inputs[0];
  GRAPEVINE_ASSIGN_OR_RETURN(
      Scan scan, input.table->scan({input.scanned, input.conditions, input.shown, true}, context));
  context.progress.total_rows_to_read += scan.source->rows();
  const bool disjoint = scan.customers_per_morsel > 0;
  auto source = filtered(std::move(scan), context);
  if (!disjoint) return execute_aggregate(plan, *source, context);
  return Executed{std::make_shared<GroupsOfMorsels>(plan, std::move(source), context), {}};
}

}  // namespace grapevine::sql
