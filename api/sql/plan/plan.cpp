#include "api/sql/plan/plan.hpp"

#include <algorithm>

namespace grapevine::sql {
namespace {

// The expression with each column moved down by `count`.
BoundPtr shifted(const BoundPtr& expression, std::size_t count) {
  auto moved = rewrite(expression, [&](const BoundPtr& node) -> absl::StatusOr<BoundPtr> {
    if (node->kind != Bound::Kind::Column) return BoundPtr{};
    return bound_column(node->column - count, node->type, node->name);
  });
  return *std::move(moved);
}

PlanPtr filtered(PlanPtr plan, std::vector<BoundPtr> conditions) {
  if (conditions.empty()) return plan;
  auto filter = make_plan(Plan::Kind::Filter, plan->columns);
  filter->conditions = std::move(conditions);
  filter->inputs.push_back(std::move(plan));
  return filter;
}

// Whether every row of a join's left (or right) side that fails a condition may go before the join.
bool may_filter_left(const Plan& join) {
  return join.join != TableExpression::Join::Right && join.join != TableExpression::Join::Full;
}
bool may_filter_right(const Plan& join) {
  return join.join == TableExpression::Join::Inner || join.join == TableExpression::Join::Cross
             ? join.strictness == TableExpression::Strictness::All
             : false;
}

PlanPtr push_into_join(PlanPtr plan, std::vector<BoundPtr> conditions) {
  const std::size_t width = plan->inputs[0]->columns.size();
  std::vector<BoundPtr> left;
  std::vector<BoundPtr> right;
  std::vector<BoundPtr> here;
  for (BoundPtr& condition : conditions) {
    const std::vector<std::size_t> columns = columns_of({condition});
    if (!columns.empty() && columns.back() < width && may_filter_left(*plan)) {
      left.push_back(std::move(condition));
    } else if (!columns.empty() && columns.front() >= width && may_filter_right(*plan)) {
      right.push_back(shifted(condition, width));
    } else {
      here.push_back(std::move(condition));
    }
  }
  plan->inputs[0] = push_down(std::move(plan->inputs[0]), std::move(left));
  plan->inputs[1] = push_down(std::move(plan->inputs[1]), std::move(right));
  return filtered(std::move(plan), std::move(here));
}

// What a projection's output columns are made of, put in their place.
PlanPtr push_through_project(PlanPtr plan, std::vector<BoundPtr> conditions) {
  std::vector<BoundPtr> below;
  std::vector<BoundPtr> here;
  for (BoundPtr& condition : conditions) {
    bool pure = true;
    auto lowered = rewrite(condition, [&](const BoundPtr& node) -> absl::StatusOr<BoundPtr> {
      if (node->kind != Bound::Kind::Column) return BoundPtr{};
      const BoundPtr& source = plan->expressions[node->column];
      pure = pure && is_pure(source);
      return source;
    });
    if (pure && lowered.ok()) {
      below.push_back(*std::move(lowered));
    } else {
      here.push_back(std::move(condition));
    }
  }
  plan->inputs[0] = push_down(std::move(plan->inputs[0]), std::move(below));
  return filtered(std::move(plan), std::move(here));
}

// Conditions on what is the same for all elements of a row, before it is multiplied.
PlanPtr push_through_array_join(PlanPtr plan, std::vector<BoundPtr> conditions) {
  std::vector<BoundPtr> below;
  std::vector<BoundPtr> here;
  for (BoundPtr& condition : conditions) {
    const std::vector<std::size_t> columns = columns_of({condition});
    const bool of_row = !columns.empty() && columns.back() < plan->passed.size();
    if (!of_row || !is_pure(condition)) {
      here.push_back(std::move(condition));
      continue;
    }
    auto lowered = rewrite(condition, [&](const BoundPtr& node) -> absl::StatusOr<BoundPtr> {
      if (node->kind != Bound::Kind::Column) return BoundPtr{};
      return bound_column(plan->passed[node->column], node->type, node->name);
    });
    below.push_back(*std::move(lowered));
  }
  plan->inputs[0] = push_down(std::move(plan->inputs[0]), std::move(below));
  return filtered(std::move(plan), std::move(here));
}

}  // namespace

PlanPtr make_plan(Plan::Kind kind, std::vector<ResultColumn> columns) {
  auto plan = std::make_unique<Plan>();
  plan->kind = kind;
  plan->columns = std::move(columns);
  return plan;
}

PlanPtr make_array_join(PlanPtr input, bool left) {
  auto join = make_plan(Plan::Kind::ArrayJoin, input->columns);
  for (std::size_t i = 0; i < input->columns.size(); ++i) join->passed.push_back(i);
  join->left_array_join = left;
  join->inputs.push_back(std::move(input));
  return join;
}

void split_conditions(const BoundPtr& expression, std::vector<BoundPtr>& conditions) {
  if (expression->kind == Bound::Kind::Call && expression->name == "and") {
    for (const BoundPtr& argument : expression->arguments) split_conditions(argument, conditions);
  } else {
    conditions.push_back(expression);
  }
}

PlanPtr push_down(PlanPtr plan, std::vector<BoundPtr> conditions) {
  if (conditions.empty()) return plan;
  switch (plan->kind) {
    case Plan::Kind::Scan:
    case Plan::Kind::Filter:
      if (plan->kind == Plan::Kind::Filter) {
        // Conditions of an inner query may keep a later one from failing: they stay before it.
        return filtered(std::move(plan), std::move(conditions));
      }
      for (BoundPtr& condition : conditions) plan->conditions.push_back(std::move(condition));
      return plan;
    case Plan::Kind::Join: return push_into_join(std::move(plan), std::move(conditions));
    case Plan::Kind::ArrayJoin:
      return push_through_array_join(std::move(plan), std::move(conditions));
    case Plan::Kind::Project: return push_through_project(std::move(plan), std::move(conditions));
    default: return filtered(std::move(plan), std::move(conditions));
  }
}

}  // namespace grapevine::sql
