#include <algorithm>
#include <unordered_map>

#include "api/sql/bind/select_planner.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {

absl::StatusOr<PlanPtr> SelectPlanner::plan() {
  GRAPEVINE_RETURN_IF_ERROR(refuse());
  GRAPEVINE_RETURN_IF_ERROR(note_names());
  GRAPEVINE_RETURN_IF_ERROR(bind_items());
  GRAPEVINE_RETURN_IF_ERROR(add_where());
  GRAPEVINE_RETURN_IF_ERROR(bind_rest());
  GRAPEVINE_RETURN_IF_ERROR(use_elements());
  GRAPEVINE_RETURN_IF_ERROR(add_groups());
  GRAPEVINE_RETURN_IF_ERROR(add_windows());
  return finish();
}

// A number below 0 counts from the end.
absl::Status SelectPlanner::read_limit(const Limit& limit, Plan& plan) {
  const auto read = [&](const ExpressionPtr& expression, std::uint64_t& number,
                        bool& from_end) -> absl::Status {
    if (expression == nullptr) return absl::OkStatus();
    GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr value,
                               planner_.constant_of(*expression, environment_));
    if (!is_integer(value->type.id) || value->is_null(0)) {
      return query_error(QueryErrorCode::InvalidLimitExpression,
                         "LIMIT and OFFSET take whole numbers");
    }
    GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr as_number,
                               cast(value, plain(TypeId::Int64), planner_.context().facts));
    const std::int64_t whole = as_number->fixed<std::int64_t>()[0];
    from_end = is_signed(value->type.id) && whole < 0;
    number = from_end ? 0 - static_cast<std::uint64_t>(whole) : static_cast<std::uint64_t>(whole);
    return absl::OkStatus();
  };
  GRAPEVINE_RETURN_IF_ERROR(read(limit.count, plan.limit, plan.limit_from_end));
  return read(limit.offset, plan.offset, plan.offset_from_end);
}

PlanPtr SelectPlanner::deduplicated(PlanPtr plan, std::size_t width) {
  auto distinct = make_plan(Plan::Kind::Distinct, plan->columns);
  for (std::size_t i = 0; i < width; ++i) {
    distinct->keys.push_back(bound_column(i, plan->columns[i].type, plan->columns[i].name));
  }
  distinct->inputs.push_back(std::move(plan));
  return distinct;
}

// LIMIT BY, or DISTINCT ON, which is one of each.
absl::StatusOr<PlanPtr> SelectPlanner::limited_by(PlanPtr plan) {
  auto limit_by = make_plan(Plan::Kind::LimitBy, plan->columns);
  limit_by->keys = limit_by_.empty() ? distinct_on_ : limit_by_;
  limit_by->limit = 1;
  if (select_.limit_by) GRAPEVINE_RETURN_IF_ERROR(read_limit(select_.limit_by->limit, *limit_by));
  limit_by->inputs.push_back(std::move(plan));
  return limit_by;
}

// The first columns alone.
PlanPtr SelectPlanner::cut(PlanPtr plan, std::size_t width) {
  if (plan->columns.size() == width) return plan;
  auto cut = make_plan(Plan::Kind::Project, {});
  for (std::size_t i = 0; i < width; ++i) {
    cut->columns.push_back(plan->columns[i]);
    cut->expressions.push_back(bound_column(i, plan->columns[i].type, plan->columns[i].name));
  }
  cut->inputs.push_back(std::move(plan));
  return cut;
}

absl::StatusOr<PlanPtr> SelectPlanner::finish() {
  auto limit = make_plan(Plan::Kind::Limit, {});
  if (select_.limit) GRAPEVINE_RETURN_IF_ERROR(read_limit(*select_.limit, *limit));
  limit->with_ties = select_.limit && select_.limit->with_ties;
  if (limit->with_ties && order_.empty()) {
    return query_error(QueryErrorCode::BadArguments, "LIMIT WITH TIES needs ORDER BY");
  }
  GRAPEVINE_RETURN_IF_ERROR(join_arrays(plan_, expressions()));
  auto project = make_plan(Plan::Kind::Project, {});
  std::unordered_map<std::string, std::size_t> places;
  const auto place_of = [&](const BoundPtr& expression) {
    const auto [entry, added] = places.emplace(expression->key, project->expressions.size());
    if (added) {
      project->columns.push_back({expression->name, expression->type});
      project->expressions.push_back(expression);
    }
    return bound_column(entry->second, expression->type, expression->name);
  };
  for (const SelectItem& item : items_) {
    places.emplace(item.expression->key, project->expressions.size());
    project->columns.push_back({item.name, item.expression->type});
    project->expressions.push_back(item.expression);
  }
  const std::size_t width = items_.size();
  for (BoundOrder& item : order_) item.expression = place_of(item.expression);
  for (BoundPtr& key : limit_by_) key = place_of(key);
  for (BoundPtr& key : distinct_on_) key = place_of(key);
  project->inputs.push_back(std::move(plan_));
  PlanPtr plan = std::move(project);
  if (select_.distinct) plan = deduplicated(std::move(plan), width);
  const bool by = !limit_by_.empty() || !distinct_on_.empty();
  const bool from_end = limit->limit_from_end || limit->offset_from_end;
  if (!order_.empty()) {
    auto sort = make_plan(Plan::Kind::Sort, plan->columns);
    sort->order = order_;
    const bool of_first = !by && !from_end && !limit->with_ties;
    if (of_first && limit->limit <= Plan::kNoLimit - limit->offset) {
      sort->limit = limit->limit + limit->offset;
    }
    sort->inputs.push_back(std::move(plan));
    plan = std::move(sort);
  }
  if (by) {
    GRAPEVINE_ASSIGN_OR_RETURN(plan, limited_by(std::move(plan)));
  }
  // Ties are told by columns that the answer need not have.
  if (!limit->with_ties) plan = cut(std::move(plan), width);
  if (limit->limit != Plan::kNoLimit || limit->offset > 0) {
    if (limit->with_ties) limit->order = order_;
    limit->columns = plan->columns;
    limit->inputs.push_back(std::move(plan));
    plan = std::move(limit);
  }
  return cut(std::move(plan), width);
}

absl::StatusOr<PlanPtr> Planner::plan_select(const Select& select, const Environment& environment) {
  // Each name of WITH is read in the environment of those before it.
  std::vector<std::unique_ptr<Environment>>& kept = environments_;
  const Environment* current = &environment;
  for (const WithItem& item : select.with) {
    auto next = std::make_unique<Environment>();
    next->outer = current;
    if (item.query != nullptr) {
      next->queries[item.name] = item.query;
      next->environments[item.name] = current;
    } else {
      next->expressions[item.name] = item.expression;
    }
    current = next.get();
    kept.push_back(std::move(next));
  }
  GRAPEVINE_ASSIGN_OR_RETURN(From from, plan_source(select, *current));
  return SelectPlanner(*this, select, *current, std::move(from)).plan();
}

}  // namespace grapevine::sql
