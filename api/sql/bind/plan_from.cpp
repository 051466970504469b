#include <algorithm>

#include "api/sql/bind/expression_binder.hpp"
#include "api/sql/bind/planner.hpp"
#include "api/sql/tables/catalog.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

using Join = TableExpression::Join;
using Strictness = TableExpression::Strictness;

// A table's own columns, all of them: those that nobody reads are left out later.
Planner::From scan_of(TablePtr table, std::string database, std::string name, std::string alias) {
  Planner::From from;
  std::vector<ResultColumn> columns;
  for (const TableColumn& column : table->columns()) {
    from.scope.columns.push_back({database, alias, column.name, column.type, columns.size()});
    from.scope.columns.back().own_name = name.substr(name.rfind('.') + 1);
    columns.push_back({column.name, column.type});
  }
  from.plan = make_plan(Plan::Kind::Scan, std::move(columns));
  for (std::size_t i = 0; i < from.plan->columns.size(); ++i) from.plan->scanned.push_back(i);
  from.plan->table = std::move(table);
  from.plan->table_name = std::move(name);
  return from;
}

Planner::From of_plan(PlanPtr plan, const std::string& alias) {
  Planner::From from;
  for (std::size_t i = 0; i < plan->columns.size(); ++i) {
    from.scope.columns.push_back({"", alias, plan->columns[i].name, plan->columns[i].type, i});
  }
  from.plan = std::move(plan);
  return from;
}

// Whether an expression reads columns of the left side alone (-1), of the right one alone (1), of
// both (0) or of none (2).
int side_of(const BoundPtr& expression, std::size_t width) {
  const std::vector<std::size_t> columns = columns_of({expression});
  if (columns.empty()) return 2;
  if (columns.back() < width) return -1;
  return columns.front() >= width ? 1 : 0;
}

BoundPtr of_right(const BoundPtr& expression, std::size_t width) {
  auto moved = rewrite(expression, [&](const BoundPtr& node) -> absl::StatusOr<BoundPtr> {
    if (node->kind != Bound::Kind::Column) return BoundPtr{};
    return bound_column(node->column - width, node->type, node->name);
  });
  return *std::move(moved);
}

absl::Status add_keys(BoundPtr left, BoundPtr right, Plan& join, const SessionFacts& facts) {
  if (not_null(left->type) != not_null(right->type)) {
    auto common = common_type({not_null(left->type), not_null(right->type)});
    if (!common.ok()) {
      return query_error(QueryErrorCode::TypeMismatch,
                         "Can't infer common type for joined columns: " + name_of(left->type) +
                             " and " + name_of(right->type));
    }
    const auto as_common = [&](BoundPtr& side) -> absl::Status {
      const DataType type = side->type.nullable ? nullable(*common) : *common;
      GRAPEVINE_ASSIGN_OR_RETURN(side, bound_cast(side, type, facts));
      return absl::OkStatus();
    };
    GRAPEVINE_RETURN_IF_ERROR(as_common(left));
    GRAPEVINE_RETURN_IF_ERROR(as_common(right));
  }
  join.left_keys.push_back(std::move(left));
  join.right_keys.push_back(std::move(right));
  return absl::OkStatus();
}

// Sorts what ON says into keys of both sides, conditions of one side and conditions of pairs.
absl::Status split_on(const BoundPtr& on, Plan& join, const SessionFacts& facts) {
  const std::size_t width = join.inputs[0]->columns.size();
  std::vector<BoundPtr> parts;
  split_conditions(on, parts);
  std::vector<BoundPtr> right_only;
  for (BoundPtr& part : parts) {
    if (part->kind == Bound::Kind::Call && part->name == "equals") {
      const int a = side_of(part->arguments[0], width);
      const int b = side_of(part->arguments[1], width);
      if (a * b == -1) {
        const BoundPtr& left = part->arguments[a == -1 ? 0 : 1];
        const BoundPtr& right = part->arguments[a == -1 ? 1 : 0];
        GRAPEVINE_RETURN_IF_ERROR(add_keys(left, of_right(right, width), join, facts));
        continue;
      }
    }
    if (side_of(part, width) == 1 && join.join != Join::Full) {
      right_only.push_back(of_right(part, width));
    } else {
      join.conditions.push_back(std::move(part));
    }
  }
  join.inputs[1] = push_down(std::move(join.inputs[1]), std::move(right_only));
  return absl::OkStatus();
}

absl::Status check_kind(const TableExpression& from) {
  if (from.strictness == Strictness::Asof) {
    return query_error(QueryErrorCode::NotImplemented, "ASOF JOIN is not supported");
  }
  if (from.strictness == Strictness::Any && (from.join == Join::Inner || from.join == Join::Full)) {
    return query_error(QueryErrorCode::NotImplemented,
                       "ANY is supported for LEFT and RIGHT JOIN alone");
  }
  return absl::OkStatus();
}

void allow_nulls(std::vector<ResultColumn>& columns, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) columns[i].type = nullable(columns[i].type);
}

}  // namespace

absl::StatusOr<Planner::From> Planner::plan_from(const TableExpression* from,
                                                 const Environment& environment) {
  if (from == nullptr) {
    From one;
    one.plan = make_plan(Plan::Kind::Rows, {});
    one.plan->block.rows = 1;
    return one;
  }
  if (from->sample != nullptr) {
    return query_error(QueryErrorCode::SamplingNotSupported,
                       "SAMPLE is not supported: answers are of all rows");
  }
  switch (from->kind) {
    case TableExpression::Kind::Table: return plan_table(*from, environment);
    case TableExpression::Kind::Join: return plan_join(*from, environment);
    case TableExpression::Kind::Subquery: {
      GRAPEVINE_ASSIGN_OR_RETURN(PlanPtr plan, plan_query(*from->query, environment));
      From made = of_plan(std::move(plan), from->alias);
      for (std::size_t i = 0; i < from->column_aliases.size() && i < made.scope.columns.size();
           ++i) {
        made.scope.columns[i].name = from->column_aliases[i];
      }
      return made;
    }
    case TableExpression::Kind::Function: {
      std::vector<ColumnPtr> arguments;
      for (const ExpressionPtr& argument : from->arguments) {
        GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr constant, constant_of(*argument, environment));
        arguments.push_back(std::move(constant));
      }
      GRAPEVINE_ASSIGN_OR_RETURN(TablePtr table, make_table(from->name, arguments, context_));
      return scan_of(std::move(table), "", from->name,
                     from->alias.empty() ? from->name : from->alias);
    }
  }
  return query_error(QueryErrorCode::LogicalError, "a table of no kind");
}

absl::StatusOr<Planner::From> Planner::plan_table(const TableExpression& from,
                                                  const Environment& environment) {
  std::vector<std::string> parts = from.parts;
  if (!from.parameter.empty()) {
    const std::string* name = find_field(parameters_, from.parameter);
    if (name == nullptr) {
      return query_error(QueryErrorCode::UnknownQueryParameter,
                         "Substitution `" + from.parameter + "` is not set");
    }
    parts = {*name};
  }
  const std::string alias = from.alias.empty() ? parts.back() : from.alias;
  if (parts.size() == 1) {
    const Environment* read_in = nullptr;
    if (const QueryPtr* query = find_query(environment, parts[0], &read_in)) {
      GRAPEVINE_ASSIGN_OR_RETURN(PlanPtr plan, plan_query(**query, *read_in));
      return of_plan(std::move(plan), alias);
    }
    parts.insert(parts.begin(), "");
  }
  GRAPEVINE_ASSIGN_OR_RETURN(TablePtr table, find_table(parts[0], parts[1], context_));
  const std::string database = parts[0].empty() ? context_.facts.database : parts[0];
  return scan_of(std::move(table), database, database + "." + parts[1], alias);
}

absl::StatusOr<Planner::From> Planner::plan_join(const TableExpression& from,
                                                 const Environment& environment) {
  GRAPEVINE_RETURN_IF_ERROR(check_kind(from));
  if (++depth_ > kDepthMax) {
    return query_error(QueryErrorCode::TooDeepRecursion, "Too many joins in each other");
  }
  GRAPEVINE_ASSIGN_OR_RETURN(From left, plan_from(from.left.get(), environment));
  GRAPEVINE_ASSIGN_OR_RETURN(From right, plan_from(from.right.get(), environment));
  --depth_;
  // A right join is a left one with its sides exchanged; names keep their order.
  const bool swapped = from.join == Join::Right;
  From& first = swapped ? right : left;
  From& second = swapped ? left : right;
  auto join = make_plan(Plan::Kind::Join, first.plan->columns);
  const std::size_t width = first.plan->columns.size();
  for (const ResultColumn& column : second.plan->columns) join->columns.push_back(column);
  join->join = swapped ? Join::Left : from.join;
  join->strictness = from.strictness;
  join->nulls_for_missing = context_.settings.join_use_nulls;
  if (join->nulls_for_missing) {
    const bool outer = join->join == Join::Left || join->join == Join::Full;
    if (outer && from.strictness != Strictness::Semi) {
      allow_nulls(join->columns, width, join->columns.size());
    }
    if (join->join == Join::Full) allow_nulls(join->columns, 0, width);
  }
  Scope scope;
  for (const From* side : {&left, &right}) {
    for (ScopeColumn column : side->scope.columns) {
      if (side == &second) column.column += width;
      column.type = join->columns[column.column].type;
      scope.columns.push_back(std::move(column));
    }
  }
  if (!from.using_columns.empty()) {
    GRAPEVINE_RETURN_IF_ERROR(bind_using(from, first, second, *join, scope));
  }
  join->inputs.push_back(std::move(first.plan));
  join->inputs.push_back(std::move(second.plan));
  if (from.on != nullptr) {
    // ON sees the sides as they are, before what is missing becomes NULL.
    Scope sides = scope;
    for (ScopeColumn& column : sides.columns) {
      column.type = column.column < width ? join->inputs[0]->columns[column.column].type
                                          : join->inputs[1]->columns[column.column - width].type;
    }
    ExpressionBinder binder(*this, environment, sides);
    GRAPEVINE_ASSIGN_OR_RETURN(const BoundPtr on, binder.bind(from.on, "JOIN ON"));
    GRAPEVINE_RETURN_IF_ERROR(split_on(on, *join, context_.facts));
  }
  if (join->left_keys.empty() && join->strictness != Strictness::All) {
    return query_error(QueryErrorCode::InvalidJoinOnExpression,
                       "A join that is not ALL needs an equality of both sides");
  }
  return From{std::move(join), std::move(scope)};
}

absl::Status Planner::bind_using(const TableExpression& from, const From& left, const From& right,
                                 Plan& join, Scope& scope) {
  if (from.join == Join::Full) {
    return query_error(QueryErrorCode::NotImplemented,
                       "FULL JOIN ... USING is not supported: use ON");
  }
  const std::size_t width = left.plan->columns.size();
  for (const std::string& name : from.using_columns) {
    const ScopeColumn* a = left.scope.find({name});
    const ScopeColumn* b = right.scope.find({name});
    if (a == nullptr || b == nullptr) {
      return query_error(QueryErrorCode::UnknownIdentifier,
                         "JOIN USING: column '" + name + "' is not on both sides");
    }
    GRAPEVINE_RETURN_IF_ERROR(add_keys(bound_column(a->column, a->type, name),
                                       bound_column(b->column, b->type, name), join,
                                       context_.facts));
    for (ScopeColumn& column : scope.columns) {
      if (column.column == b->column + width && column.name == name) column.shadowed = true;
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<ColumnPtr> Planner::constant_of(const Expression& expression,
                                               const Environment& environment) {
  const Scope nothing;
  ExpressionBinder binder(*this, environment, nothing);
  GRAPEVINE_ASSIGN_OR_RETURN(const BoundPtr bound,
                             binder.bind(std::make_shared<Expression>(expression), "a constant"));
  if (bound->constant == nullptr) {
    return query_error(QueryErrorCode::BadArguments, "The argument must be constant");
  }
  return bound->constant;
}

}  // namespace grapevine::sql
