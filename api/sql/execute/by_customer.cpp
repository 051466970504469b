#include "api/sql/plan/by_customer.hpp"

#include <algorithm>
#include <bit>
#include <optional>

#include "api/sql/execute/operators.hpp"
#include "api/sql/execute/steps.hpp"
#include "api/sql/tables/people_codes.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/query/group_by.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// Groups of which none has rows in two morsels, since the customer is among their keys: a morsel is
// grouped by itself, and what follows reads its groups while they are warm.
class GroupsOfMorsels final : public BlockSource {
 public:
  GroupsOfMorsels(const Plan& plan, std::shared_ptr<const BlockSource> input,
                  std::size_t customers_per_morsel, QueryContext& context)
      : input_(std::move(input)),
        customers_per_morsel_(customers_per_morsel),
        context_(context),
        keys_(plan.keys) {
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
    if (keys_.size() == 1) {
      const auto first = static_cast<std::uint32_t>(morsel * customers_per_morsel_);
      lanes.emplace_back(CodeRange{first, customers_per_morsel_}, calls_, context_.memory);
    } else {
      lanes.emplace_back(types_, calls_, context_.memory);
    }
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
  std::size_t customers_per_morsel_;
  QueryContext& context_;
  std::vector<BoundPtr> keys_;
  std::vector<DataType> types_;
  std::vector<AggregateCall> calls_;
  std::vector<BoundPtr> arguments_;
};

// Some customers: the first column of a plan, whose others nobody reads.
class ChosenCustomers final : public BlockSource {
 public:
  ChosenCustomers(CustomerSet chosen, const Plan& plan, QueryContext& context)
      : chosen_(std::move(chosen)), types_(types_of(plan.columns)), context_(context) {}

  std::size_t morsels() const override { return blocks_of(chosen_.words().size(), kWords); }
  std::uint64_t rows() const override { return chosen_.count(); }
  absl::Status read(std::size_t morsel, const Consume& consume) const override {
    GRAPEVINE_RETURN_IF_ERROR(context_.check());
    const auto words = chosen_.words();
    std::vector<std::uint32_t> codes;
    const std::size_t end = std::min(words.size(), (morsel + 1) * kWords);
    for (std::size_t w = morsel * kWords; w < end; ++w) {
      for (std::uint64_t rest = words[w]; rest != 0; rest &= rest - 1) {
        codes.push_back(static_cast<std::uint32_t>(w * 64) +
                        static_cast<std::uint32_t>(std::countr_zero(rest)));
      }
    }
    if (codes.empty()) return absl::OkStatus();
    Block block{codes.size(), {}};
    block.columns.push_back(people_column(std::move(codes), context_));
    for (std::size_t i = 1; i < types_.size(); ++i) {
      block.columns.push_back(constant_default(types_[i], block.rows));
    }
    return consume(std::move(block));
  }

 private:
  static constexpr std::size_t kWords = kBlockRows / 64;  // Of a morsel.

  CustomerSet chosen_;
  std::vector<DataType> types_;
  QueryContext& context_;
};

}  // namespace

absl::StatusOr<std::optional<Executed>> execute_as_segment(const Plan& plan,
                                                           QueryContext& context) {
  const CustomerChoice choose = having_as_segment(plan, context);
  if (!choose) return std::nullopt;
  GRAPEVINE_ASSIGN_OR_RETURN(CustomerSet chosen, choose());
  return Executed{std::make_shared<ChosenCustomers>(std::move(chosen), plan, context), {}};
}

absl::StatusOr<Executed> execute_by_customer(const Plan& plan, QueryContext& context) {
  const Plan& input = *plan.inputs[0];
  const std::size_t customer = *customer_of(plan);
  GRAPEVINE_ASSIGN_OR_RETURN(const WithoutGroups direct, without_groups(plan, context));
  if (direct.source != nullptr) return Executed{direct.source, {}};
  GRAPEVINE_ASSIGN_OR_RETURN(
      Scan scan, input.table->scan({input.scanned, input.conditions, input.shown, true}, context));
  context.progress.total_rows_to_read += scan.source->rows();
  const std::size_t per_morsel = scan.customers_per_morsel;
  auto source = filtered(std::move(scan), context);
  if (per_morsel == 0) return execute_aggregate(plan, *source, context);
  const auto is_customer = [&](const BoundPtr& key) { return is_column(key, customer); };
  if (plan.with_totals || std::none_of(plan.keys.begin(), plan.keys.end(), is_customer)) {
    return execute_aggregate(plan, *source, context,
                             {per_morsel, distinct_customers(plan, customer)});
  }
  return Executed{std::make_shared<GroupsOfMorsels>(plan, std::move(source), per_morsel, context),
                  {}};
}

}  // namespace grapevine::sql
