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

// Both sides as one type, which has NULL where a side has it.
absl::Status as_common_type(BoundPtr& left, BoundPtr& right, const SessionFacts& facts) {
  if (not_null(left->type) == not_null(right->type)) return absl::OkStatus();
  GRAPEVINE_ASSIGN_OR_RETURN(const DataType common,
                             common_type({not_null(left->type), not_null(right->type)}));
  for (BoundPtr* side : {&left, &right}) {
    const DataType type = (*side)->type.nullable ? nullable(common) : common;
    GRAPEVINE_ASSIGN_OR_RETURN(*side, bound_cast(*side, type, facts));
  }
  return absl::OkStatus();
}

absl::Status add_keys(BoundPtr left, BoundPtr right, Plan& join, const SessionFacts& facts) {
  GRAPEVINE_RETURN_IF_ERROR(as_common_type(left, right, facts));
  join.left_keys.push_back(std::move(left));
  join.right_keys.push_back(std::move(right));
  return absl::OkStatus();
}

// left >= right, and so on: what ASOF looks for the nearest row by.
absl::Status add_asof(BoundPtr left, BoundPtr right, bool before, bool or_equal, Plan& join,
                      const SessionFacts& facts) {
  if (join.asof) {
    return query_error(QueryErrorCode::InvalidJoinOnExpression,
                       "ASOF JOIN takes one inequality, not several");
  }
  GRAPEVINE_RETURN_IF_ERROR(as_common_type(left, right, facts));
  const TypeId id = left->type.id;
  if (!is_numeric(id) && !is_time(id)) {
    return query_error(QueryErrorCode::IllegalTypeOfArgument,
                       "ASOF JOIN is not supported for type " + name_of(left->type));
  }
  join.asof = Plan::Asof{std::move(left), std::move(right), before, or_equal};
  return absl::OkStatus();
}

// Takes a part of ON as the inequality of ASOF, if it is one.
absl::StatusOr<bool> take_asof(const BoundPtr& part, Plan& join, std::size_t width,
                               const SessionFacts& facts) {
  if (part->kind != Bound::Kind::Call || part->arguments.size() != 2) return false;
  const bool greater = part->name == "greater" || part->name == "greaterOrEquals";
  const bool less = part->name == "less" || part->name == "lessOrEquals";
  const int a = side_of(part->arguments[0], width);
  const int b = side_of(part->arguments[1], width);
  if ((!greater && !less) || a * b != -1) return false;
  const bool in_order = a == -1;
  const bool or_equal = part->name.ends_with("OrEquals");
  GRAPEVINE_RETURN_IF_ERROR(add_asof(part->arguments[in_order ? 0 : 1],
                                     of_right(part->arguments[in_order ? 1 : 0], width),
                                     greater == in_order, or_equal, join, facts));
  return true;
}

// Sorts what ON says into keys of both sides, conditions of one side and conditions of pairs.
absl::Status split_on(const BoundPtr& on, Plan& join, const SessionFacts& facts) {
  const std::size_t width = join.inputs[0]->columns.size();
  std::vector<BoundPtr> parts;
  split_conditions(on, parts);
  for (const BoundPtr& part : parts) {
    if (is_numeric(part->type.id) || part->type.id == TypeId::Nothing) continue;
    return query_error(
        QueryErrorCode::IllegalTypeOfArgument,
        "Invalid type in JOIN ON: " + name_of(part->type) + ", where a truth value is expected");
  }
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
    if (join.strictness == Strictness::Asof) {
      GRAPEVINE_ASSIGN_OR_RETURN(const bool taken, take_asof(part, join, width, facts));
      if (taken) continue;
    }
    if (join.strictness == Strictness::Asof && side_of(part, width) == 0) {
      return query_error(QueryErrorCode::InvalidJoinOnExpression,
                         "ASOF JOIN takes no further conditions on both sides");
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
  if (from.strictness == Strictness::Asof && from.join != Join::Inner && from.join != Join::Left) {
    return query_error(QueryErrorCode::NotImplemented,
                       "Only ASOF JOIN and ASOF LEFT JOIN are supported");
  }
  if (from.strictness == Strictness::Any && from.join == Join::Full) {
    return query_error(QueryErrorCode::NotImplemented, "ANY FULL JOIN is not supported");
  }
  return absl::OkStatus();
}

absl::Status check_keys(const Plan& join) {
  if (join.strictness == Strictness::Asof && !join.asof) {
    return query_error(QueryErrorCode::InvalidJoinOnExpression,
                       "ASOF JOIN needs one inequality of both sides");
  }
  if (!join.left_keys.empty() || join.strictness == Strictness::All) return absl::OkStatus();
  return query_error(join.strictness == Strictness::Asof ? QueryErrorCode::NotImplemented
                                                         : QueryErrorCode::InvalidJoinOnExpression,
                     "A join that is not ALL needs an equality of both sides");
}

// ANY INNER: of each key one row of the left side, too, unless a condition is on both: then each left row
// has its first match.
void keep_first_of_left(Plan& join) {
  const std::size_t width = join.inputs[0]->columns.size();
  for (const BoundPtr& condition : join.conditions) {
    if (side_of(condition, width) == 0) return;
  }
  std::vector<BoundPtr> left_only;
  for (BoundPtr& condition : join.conditions) left_only.push_back(std::move(condition));
  join.conditions.clear();
  PlanPtr left = push_down(std::move(join.inputs[0]), std::move(left_only));
  auto distinct = make_plan(Plan::Kind::Distinct, left->columns);
  distinct->keys = join.left_keys;
  distinct->inputs.push_back(std::move(left));
  join.inputs[0] = std::move(distinct);
}

// A side with a column behind its own that is 0 where FULL JOIN has no row of it.
void add_marker(Planner::From& side) {
  auto project = make_plan(Plan::Kind::Project, side.plan->columns);
  for (std::size_t i = 0; i < side.plan->columns.size(); ++i) {
    const ResultColumn& column = side.plan->columns[i];
    project->expressions.push_back(bound_column(i, column.type, column.name));
  }
  const DataType truth = plain(TypeId::UInt8);
  project->columns.push_back({"", truth});
  project->expressions.push_back(bound_constant(constant_fixed(truth, std::uint8_t{1})));
  project->inputs.push_back(std::move(side.plan));
  side.plan = std::move(project);
}

// Whether types cannot be compared.
bool is_unequal(const absl::Status& status) {
  return query_error_code(status) == QueryErrorCode::IllegalTypeOfArgument &&
         status.message().find("of function equals") != std::string_view::npos;
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
  GRAPEVINE_RETURN_IF_ERROR(join_arrays(from.array_joins, {}, environment, left));
  GRAPEVINE_ASSIGN_OR_RETURN(From right, plan_from(from.right.get(), environment));
  --depth_;
  // A right join is a left one with its sides exchanged; names keep their order.
  const bool swapped = from.join == Join::Right;
  const bool merges = from.join == Join::Full && !from.using_columns.empty();
  if (merges) add_marker(left);
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
    if (outer) allow_nulls(join->columns, width, join->columns.size());
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
    const auto bound = binder.bind(from.on, "JOIN ON");
    if (!bound.ok() && is_unequal(bound.status())) {
      return query_error(QueryErrorCode::NoCommonType,
                         "There is no supertype for what JOIN ON holds against each other: " +
                             std::string(bound.status().message()));
    }
    GRAPEVINE_ASSIGN_OR_RETURN(const BoundPtr on, bound);
    GRAPEVINE_RETURN_IF_ERROR(split_on(on, *join, context_.facts));
  }
  GRAPEVINE_RETURN_IF_ERROR(check_keys(*join));
  if (join->strictness == Strictness::Any && join->join == Join::Inner) keep_first_of_left(*join);
  From made{std::move(join), std::move(scope)};
  if (merges) GRAPEVINE_RETURN_IF_ERROR(merge_keys(from, width - 1, made));
  return made;
}

absl::Status Planner::bind_using(const TableExpression& from, const From& left, const From& right,
                                 Plan& join, Scope& scope) {
  const std::size_t width = left.plan->columns.size();
  auto front = scope.columns.begin();  // `*` names the keys first.
  for (const std::string& name : from.using_columns) {
    const ScopeColumn* a = left.scope.find({name});
    const ScopeColumn* b = right.scope.find({name});
    if (a == nullptr || b == nullptr) {
      return query_error(QueryErrorCode::UnknownIdentifier,
                         "JOIN USING: column '" + name + "' is not on both sides");
    }
    BoundPtr key = bound_column(a->column, a->type, name);
    BoundPtr other = bound_column(b->column, b->type, name);
    if (from.strictness == Strictness::Asof && &name == &from.using_columns.back()) {
      GRAPEVINE_RETURN_IF_ERROR(
          add_asof(std::move(key), std::move(other), true, true, join, context_.facts));
    } else {
      GRAPEVINE_RETURN_IF_ERROR(add_keys(std::move(key), std::move(other), join, context_.facts));
    }
    for (ScopeColumn& column : scope.columns) {
      if (column.column == b->column + width && column.name == name) column.shadowed = true;
    }
    const auto shown = std::find_if(front, scope.columns.end(), [&](const ScopeColumn& column) {
      return column.column == a->column && column.name == name;
    });
    if (shown != scope.columns.end()) std::rotate(front++, shown, shown + 1);
  }
  return absl::OkStatus();
}

absl::Status Planner::merge_keys(const TableExpression& from, std::size_t marker, From& joined) {
  const std::vector<ResultColumn> columns = joined.plan->columns;
  auto project = make_plan(Plan::Kind::Project, columns);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    project->expressions.push_back(bound_column(i, columns[i].type, columns[i].name));
  }
  std::vector<ScopeColumn> keys;
  for (const std::string& name : from.using_columns) {
    // The left one, and the right one that it shadows.
    std::vector<BoundPtr> sides;
    for (ScopeColumn& column : joined.scope.columns) {
      if (column.name != name) continue;
      column.shadowed = true;
      sides.push_back(project->expressions[column.column]);
    }
    GRAPEVINE_ASSIGN_OR_RETURN(
        BoundPtr key,
        bound_call("if", {project->expressions[marker], sides[0], sides[1]}, context_.facts));
    keys.push_back({"", "", name, key->type, project->columns.size()});
    project->columns.push_back({name, key->type});
    project->expressions.push_back(std::move(key));
  }
  joined.scope.columns.insert(joined.scope.columns.begin(), keys.begin(), keys.end());
  project->inputs.push_back(std::move(joined.plan));
  joined.plan = std::move(project);
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
