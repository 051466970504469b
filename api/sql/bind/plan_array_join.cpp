// ARRAY JOIN: a row of FROM for each element of its arrays.
#include "api/sql/bind/expression_binder.hpp"
#include "api/sql/bind/planner.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {

absl::StatusOr<Planner::From> Planner::plan_source(const Select& select,
                                                   const Environment& environment) {
  GRAPEVINE_ASSIGN_OR_RETURN(From from, plan_from(select.from.get(), environment));
  GRAPEVINE_RETURN_IF_ERROR(join_arrays(select.array_joins, select.columns, environment, from));
  return from;
}

absl::Status Planner::join_arrays(const std::vector<ArrayJoin>& joins,
                                  const std::vector<ExpressionPtr>& columns,
                                  const Environment& environment, From& from) {
  if (joins.size() > kDepthMax) {
    return query_error(QueryErrorCode::TooDeepRecursion,
                       "More than 64 ARRAY JOINs one after the other");
  }
  for (const ArrayJoin& join : joins) {
    GRAPEVINE_RETURN_IF_ERROR(join_arrays(join, columns, environment, from));
  }
  return absl::OkStatus();
}

absl::Status Planner::join_arrays(const ArrayJoin& said, const std::vector<ExpressionPtr>& columns,
                                  const Environment& environment, From& from) {
  auto join = make_array_join(std::move(from.plan), said.left);
  // Names mean what they did before; elements have theirs from here on.
  Scope scope = from.scope;
  ExpressionBinder binder(*this, environment, from.scope);
  for (const ExpressionPtr& column : columns) {
    GRAPEVINE_RETURN_IF_ERROR(binder.add_aliases(column));
  }
  std::vector<ScopeColumn> named;
  for (const ExpressionPtr& expression : said.expressions) {
    auto bound = binder.bind(expression, "ARRAY JOIN");
    if (!bound.ok() && query_error_code(bound.status()) == QueryErrorCode::UnknownIdentifier) {
      // An alias may be made of the elements: the name is the table's then.
      bound = ExpressionBinder(*this, environment, from.scope).bind(expression, "ARRAY JOIN");
    }
    GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr array, std::move(bound));
    if (array->type.id != TypeId::Array) {
      return query_error(QueryErrorCode::TypeMismatch,
                         "ARRAY JOIN requires an array, which " + name_of(array->type) + " is not");
    }
    const std::size_t column = join->columns.size();
    const DataType& element = array->type.elements[0];
    if (!expression->alias.empty()) {
      named.push_back({"", "", expression->alias, element, column});
      named.back().joined = true;
    } else if (array->kind == Bound::Kind::Column) {
      for (ScopeColumn& place : scope.columns) {
        if (place.column != array->column) continue;
        place.column = column;
        place.type = element;
        place.element = true;
      }
    }
    join->columns.push_back({expression->alias, element});
    join->expressions.push_back(std::move(array));
  }
  scope.columns.insert(scope.columns.begin(), named.begin(), named.end());
  from = {std::move(join), std::move(scope)};
  return absl::OkStatus();
}

}  // namespace grapevine::sql
