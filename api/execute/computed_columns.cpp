#include "api/execute/computed_columns.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "api/encode/attribute_value.hpp"
#include "api/execute/influence_scores.hpp"
#include "api/execute/select_rows.hpp"
#include "kernels/segment/aggregate.hpp"
#include "kernels/segment/people.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

using Column = ComputedColumns::Column;

// A column, kept for the next pages of the list that it was computed for.
class KeptColumn final : public CachedList {
 public:
  explicit KeptColumn(Column kept) : column(std::move(kept)) {}
  [[nodiscard]] std::size_t bytes() const override {
    const std::size_t strings = column->dictionary ? column->dictionary->bytes() : 0;
    return column->chunks.size() * AttributeChunk::kCustomers * 8 + strings;
  }

  const Column column;
};

}  // namespace

absl::StatusOr<Column> ComputedColumns::column(const ComputedPlan& plan) {
  if (const auto known = computed_.find(plan->said); known != computed_.end()) {
    return known->second;
  }
  GRAPEVINE_ASSIGN_OR_RETURN(Column column, find_or_compute(plan));
  computed_[plan->said] = column;
  return column;
}

absl::StatusOr<Column> ComputedColumns::find_or_compute(const ComputedPlan& plan) {
  if (kept_ == nullptr || std::holds_alternative<TraitPlan>(plan->what)) return compute(*plan);
  const std::string key = "computed " + std::to_string(source_.snapshot.number()) + ' ' +
                          std::to_string(source_.as_of) + ' ' + plan->said;
  if (const auto kept = std::dynamic_pointer_cast<KeptColumn>(kept_->list(key))) {
    return kept->column;
  }
  GRAPEVINE_ASSIGN_OR_RETURN(Column column, compute(*plan));
  kept_->keep_list(key, std::make_shared<KeptColumn>(column));
  return column;
}

absl::StatusOr<Column> ComputedColumns::compute(const ComputedNode& node) {
  const Snapshot& snapshot = source_.snapshot;
  if (const auto* trait = std::get_if<TraitPlan>(&node.what)) {
    for (const auto& column : snapshot.customers().attributes()) {
      if (column->name == trait->name) return column;
    }
    return std::make_shared<const AttributeColumn>();  // Nobody has one yet.
  }
  if (const auto* seen = std::get_if<SeenTimePlan>(&node.what)) return seen_column(seen->last);
  if (const auto* combined = std::get_if<CombinedPlan>(&node.what)) return combine(*combined);
  if (const auto* groups = std::get_if<GroupsPlan>(&node.what)) {
    GRAPEVINE_ASSIGN_OR_RETURN(const Column of, column(groups->of));
    return group_column(*of, people(), groups->groups);
  }
  if (const auto* score = std::get_if<ScoreColumnPlan>(&node.what)) {
    GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<double> worth, worth_of_people(*score));
    return influence_column({source_, worth}, score->score);
  }
  const auto* measured = std::get_if<MeasuredPlan>(&node.what);
  const auto* latest = std::get_if<LatestPlan>(&node.what);
  const Plan& events = measured != nullptr ? measured->events : latest->events;
  const EventPlan& plan = std::get<EventPlan>(events->what);
  GRAPEVINE_ASSIGN_OR_RETURN(const EventSelection rows,
                             select_rows(plan.events, snapshot, source_.stop));
  const RowPick pick{plan.choice, source_.as_of};
  if (measured == nullptr) return latest_values(snapshot, rows, pick, latest->value, source_.stop);
  return measure_people(snapshot, rows, pick, plan.measure, source_.stop);
}

absl::StatusOr<std::shared_ptr<const RankedScore>> ComputedColumns::score(
    const ComputedPlan& plan) {
  const auto& wanted = std::get<ScoreColumnPlan>(plan->what);
  auto& known = scores_[plan->said];
  if (known == nullptr) {
    GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<double> worth, worth_of_people(wanted));
    GRAPEVINE_ASSIGN_OR_RETURN(known, influence_score({source_, worth}, wanted.score));
  }
  return known;
}

// By customer; nobody is worth less than nothing.
absl::StatusOr<std::vector<double>> ComputedColumns::worth_of_people(const ScoreColumnPlan& plan) {
  if (plan.value == nullptr) return std::vector<double>();
  GRAPEVINE_ASSIGN_OR_RETURN(const Column values, column(plan.value));
  std::vector<double> worth(source_.snapshot.customers().count());
  for (std::size_t c = 0; c < worth.size(); ++c) {
    const AttributeValue value = value_of(*values, CustomerId(static_cast<std::uint32_t>(c)));
    if (const auto* real = std::get_if<double>(&value)) worth[c] = std::max(*real, 0.0);
    if (const auto* whole = std::get_if<std::int64_t>(&value)) {
      worth[c] = std::max(static_cast<double>(*whole), 0.0);
    }
  }
  return worth;
}

absl::StatusOr<Column> ComputedColumns::seen_column(bool last) {
  if (!seen_) {
    GRAPEVINE_ASSIGN_OR_RETURN(seen_, seen_times(source_.snapshot, source_.as_of, source_.stop));
  }
  return time_column(last ? seen_->last : seen_->first, people());
}

absl::StatusOr<Column> ComputedColumns::combine(const CombinedPlan& plan) {
  std::vector<Column> columns;
  std::vector<const AttributeColumn*> operands;
  for (const ComputedPlan& operand : plan.operands) {
    GRAPEVINE_ASSIGN_OR_RETURN(Column column, this->column(operand));
    operands.push_back(column.get());
    columns.push_back(std::move(column));
  }
  return combine_columns(plan.operation, operands, people());
}

const CustomerSet& ComputedColumns::people() {
  if (!people_) people_ = grapevine::people(source_.snapshot.customers());
  return *people_;
}

}  // namespace grapevine
