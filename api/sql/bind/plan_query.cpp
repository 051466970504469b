#include <algorithm>

#include "api/sql/bind/planner.hpp"
#include "api/sql/execute/execute.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// The plan's columns as other types.
absl::StatusOr<PlanPtr> with_types(PlanPtr plan, const std::vector<ResultColumn>& columns,
                                   const SessionFacts& facts) {
  const bool same =
      std::equal(columns.begin(), columns.end(), plan->columns.begin(),
                 [](const ResultColumn& a, const ResultColumn& b) { return a.type == b.type; });
  if (same) {
    return plan;
  }
  auto project = make_plan(Plan::Kind::Project, columns);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    GRAPEVINE_ASSIGN_OR_RETURN(
        BoundPtr expression,
        bound_cast(bound_column(i, plan->columns[i].type, plan->columns[i].name), columns[i].type,
                   facts));
    project->expressions.push_back(std::move(expression));
  }
  project->inputs.push_back(std::move(plan));
  return project;
}

PlanPtr distinct(PlanPtr plan) {
  auto made = make_plan(Plan::Kind::Distinct, plan->columns);
  for (std::size_t i = 0; i < plan->columns.size(); ++i) {
    made->keys.push_back(bound_column(i, plan->columns[i].type, plan->columns[i].name));
  }
  made->inputs.push_back(std::move(plan));
  return made;
}

}  // namespace

const QueryPtr* find_query(const Environment& environment, const std::string& name,
                           const Environment** read_in) {
  for (const Environment* e = &environment; e != nullptr; e = e->outer) {
    if (const auto found = e->queries.find(name); found != e->queries.end()) {
      *read_in = e->environments.at(name);
      return &found->second;
    }
  }
  return nullptr;
}

absl::Status Planner::count_lambda() {
  if (++lambdas_ > kLambdasMax) {
    return query_error(QueryErrorCode::TooDeepRecursion,
                       "The query has more than 10000 lambdas, each reading of WITH counted");
  }
  return absl::OkStatus();
}

absl::StatusOr<PlanPtr> Planner::plan(const Query& query) {
  static const Environment kNothing;
  GRAPEVINE_ASSIGN_OR_RETURN(PlanPtr plan, plan_query(query, kNothing));
  GRAPEVINE_RETURN_IF_ERROR(prune_columns(*plan));
  return plan;
}

absl::StatusOr<PlanPtr> Planner::plan_query(const Query& query, const Environment& environment) {
  if (++depth_ > kDepthMax) {
    return query_error(QueryErrorCode::TooDeepRecursion,
                       "Queries stand more than 64 deep in each other");
  }
  if (++selects_ > kSelectsMax) {
    return query_error(QueryErrorCode::TooDeepRecursion,
                       "The query has more than 1000 SELECTs, each reading of WITH counted");
  }
  auto plan = query.kind == Query::Kind::Select ? plan_select(query.select, environment)
                                                : plan_together(query, environment);
  --depth_;
  return plan;
}

absl::StatusOr<PlanPtr> Planner::plan_together(const Query& query, const Environment& environment) {
  std::vector<PlanPtr> inputs;
  for (const QueryPtr& operand : query.operands) {
    GRAPEVINE_ASSIGN_OR_RETURN(PlanPtr input, plan_query(*operand, environment));
    inputs.push_back(std::move(input));
  }
  std::vector<ResultColumn> columns = inputs[0]->columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    std::vector<DataType> types;
    for (const PlanPtr& input : inputs) {
      if (input->columns.size() != columns.size()) {
        return query_error(QueryErrorCode::UnionAllResultStructuresMismatch,
                           "Different numbers of columns in UNION, INTERSECT or EXCEPT: " +
                               std::to_string(columns.size()) + " and " +
                               std::to_string(input->columns.size()));
      }
      types.push_back(input->columns[i].type);
    }
    GRAPEVINE_ASSIGN_OR_RETURN(columns[i].type, common_type(types));
  }
  for (PlanPtr& input : inputs) {
    GRAPEVINE_ASSIGN_OR_RETURN(input, with_types(std::move(input), columns, context_.facts));
  }
  const bool sets = query.kind == Query::Kind::Intersect || query.kind == Query::Kind::Except;
  auto plan = make_plan(
      sets ? (query.kind == Query::Kind::Intersect ? Plan::Kind::Intersect : Plan::Kind::Except)
           : Plan::Kind::Union,
      columns);
  plan->inputs = std::move(inputs);
  if (query.kind == Query::Kind::UnionDistinct) return distinct(std::move(plan));
  return plan;
}

absl::StatusOr<Block> Planner::rows_of(const QueryPtr& query, const Environment& environment,
                                       std::uint64_t rows_max, std::vector<DataType>& types) {
  const auto key = std::pair(query.get(), &environment);
  if (const auto known = values_.find(key); known != values_.end()) {
    types = known->second.types;
    return known->second.block;
  }
  GRAPEVINE_ASSIGN_OR_RETURN(PlanPtr plan, plan_query(*query, environment));
  GRAPEVINE_RETURN_IF_ERROR(prune_columns(*plan));
  std::vector<std::string> names;
  for (const ResultColumn& column : plan->columns) {
    types.push_back(column.type);
    names.push_back(column.name);
  }
  GRAPEVINE_ASSIGN_OR_RETURN(Block block, execute_whole(*plan, context_, rows_max));
  values_[key] = {block, types, std::move(names)};
  return block;
}

}  // namespace grapevine::sql
