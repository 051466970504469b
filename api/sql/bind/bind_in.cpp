#include <algorithm>

#include "api/sql/bind/expression_binder.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// The elements of a constant array or tuple, each a constant.
std::vector<BoundPtr> elements_of(const Column& constant) {
  std::vector<BoundPtr> elements;
  if (constant.type.id == TypeId::Tuple) {
    for (const ColumnPtr& element : constant.tuple().elements) {
      elements.push_back(bound_constant(value_at(element, 0)));
    }
    return elements;
  }
  const ArrayValues& array = constant.array();
  for (std::size_t i = 0; i < array.ends[0]; ++i) {
    elements.push_back(bound_constant(value_at(array.elements, i)));
  }
  return elements;
}

// NULL IN (...): NULL whatever the set is.
BoundPtr null_truth() { return bound_constant(constant_null(nullable(plain(TypeId::Nothing)))); }

bool is_tuple(const Bound& expression) { return expression.type.id == TypeId::Tuple; }

// Values of some type as those of another; what does not fit is NULL.
absl::StatusOr<ColumnPtr> fitted(const ColumnPtr& values, const DataType& type,
                                 const SessionFacts& facts) {
  if (not_null(values->type) == type) return values;
  const ColumnPtr name = constant_text(name_of(type));
  const std::vector<Argument> arguments{{values->type, nullptr}, {name->type, name}};
  GRAPEVINE_ASSIGN_OR_RETURN(const FunctionPtr function,
                             make_function("accurateCastOrNull", arguments, facts));
  const std::vector<ColumnPtr> columns{values, resized(name, values->rows)};
  return function->apply(columns, values->rows);
}

absl::Status wrong_width(std::size_t left, std::size_t right) {
  return query_error(QueryErrorCode::NumberOfColumnsDoesntMatch,
                     "Number of columns in section IN doesn't match: " + std::to_string(left) +
                         " at left, " + std::to_string(right) + " at right");
}

absl::Status wrong_tuple(std::size_t left, std::size_t right) {
  return query_error(QueryErrorCode::IncorrectElementOfSet,
                     "Incorrect size of tuple in set: " + std::to_string(right) + " instead of " +
                         std::to_string(left));
}

}  // namespace

absl::StatusOr<BoundPtr> ExpressionBinder::bind_in(const Expression& expression) {
  if (expression.arguments.size() != 2) {
    return query_error(QueryErrorCode::NumberOfArgumentsDoesntMatch, "IN has two sides");
  }
  const bool negated = expression.name == "notIn" || expression.name == "globalNotIn";
  const Expression& left_side = *expression.arguments[0];
  const ExpressionPtr& right_side = expression.arguments[1];
  std::vector<BoundPtr> left;
  if (left_side.kind == Expression::Kind::Function && left_side.name == "tuple") {
    GRAPEVINE_ASSIGN_OR_RETURN(left, bind_all(left_side.arguments));
  } else {
    GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr one, bind_node(expression.arguments[0]));
    if (is_tuple(*one)) {
      for (std::size_t i = 0; i < one->type.elements.size(); ++i) {
        GRAPEVINE_ASSIGN_OR_RETURN(
            BoundPtr element,
            bound_call("tupleElement",
                       {one, bound_constant(constant_fixed<std::uint8_t>(
                                 plain(TypeId::UInt8), static_cast<std::uint8_t>(i + 1)))},
                       facts()));
        left.push_back(std::move(element));
      }
    } else {
      left.push_back(std::move(one));
    }
  }
  if (left.empty()) {
    return query_error(QueryErrorCode::IllegalTypeOfArgument,
                       "The left side of IN is an empty tuple: () is not looked for in sets");
  }
  if (right_side->kind == Expression::Kind::Subquery) {
    return bind_in_query(left, right_side->query, environment_, negated);
  }
  if (right_side->kind == Expression::Kind::Identifier &&
      !aliases_.contains(right_side->parts[0])) {
    const Environment* read_in = nullptr;
    if (right_side->parts.size() == 1) {
      if (const QueryPtr* query = find_query(environment_, right_side->parts[0], &read_in)) {
        return bind_in_query(left, *query, *read_in, negated);
      }
    }
    if (scope_.find(right_side->parts) == nullptr) {
      auto query = std::make_shared<Query>();
      auto table = std::make_shared<TableExpression>();
      table->parts = right_side->parts;
      auto all = std::make_shared<Expression>();
      all->kind = Expression::Kind::Asterisk;
      query->select.columns.push_back(std::move(all));
      query->select.from = std::move(table);
      return bind_in_query(left, query, environment_, negated);
    }
  }
  std::vector<BoundPtr> elements;
  if (right_side->kind == Expression::Kind::Function && right_side->name == "tuple") {
    GRAPEVINE_ASSIGN_OR_RETURN(elements, bind_all(right_side->arguments));
  } else {
    GRAPEVINE_ASSIGN_OR_RETURN(const BoundPtr right, bind_node(right_side));
    const TypeId id = right->type.id;
    if (right->constant != nullptr &&
        (id == TypeId::Array || (id == TypeId::Tuple && left.size() == 1))) {
      elements = elements_of(*right->constant);
    } else if (id == TypeId::Array) {
      GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr has, bound_call("has", {right, left[0]}, facts()));
      return negated ? bound_call("not", {has}, facts()) : has;
    } else {
      elements.push_back(right);
    }
  }
  // (a, b) IN (1, 2): the right side is the one tuple.
  if (left.size() > 1 && !elements.empty() &&
      std::none_of(elements.begin(), elements.end(),
                   [](const BoundPtr& element) { return is_tuple(*element); })) {
    if (elements.size() == 1) {
      return query_error(QueryErrorCode::IllegalTypeOfArgument,
                         "The left side of IN is a tuple, the right side is none");
    }
    if (elements.size() != left.size()) return wrong_tuple(left.size(), elements.size());
    GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr whole, bound_call("tuple", elements, facts()));
    elements = {std::move(whole)};
  }
  return bind_in_list(left, elements, negated);
}

absl::StatusOr<BoundPtr> ExpressionBinder::bind_in_list(const std::vector<BoundPtr>& left,
                                                        const std::vector<BoundPtr>& elements,
                                                        bool negated) {
  const bool constant = std::all_of(elements.begin(), elements.end(), [](const BoundPtr& element) {
    return element->constant != nullptr;
  });
  if (!constant) {
    if (left.size() > 1) {
      return query_error(QueryErrorCode::BadArguments, "The right side of IN must be constant");
    }
    std::vector<BoundPtr> equal;
    for (const BoundPtr& element : elements) {
      GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr one, bound_call("equals", {left[0], element}, facts()));
      equal.push_back(std::move(one));
    }
    if (equal.size() > 1) {
      GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr any, bound_call("or", equal, facts()));
      equal = {std::move(any)};
    }
    return negated ? bound_call("not", {equal[0]}, facts()) : equal[0];
  }
  if (left.size() == 1 && left[0]->type.id == TypeId::Nothing) return null_truth();
  std::vector<DataType> types;
  for (const BoundPtr& part : left) types.push_back(not_null(part->type));
  std::vector<Block> rows;
  if (left.size() == 1) {
    // Together by type, since thousands of literals are mostly of a few.
    std::map<std::string, std::vector<ColumnPtr>> by_type;
    for (const BoundPtr& element : elements) {
      if (element->type.id == TypeId::Nothing) continue;
      by_type[name_of(element->type)].push_back(full(element->constant));
    }
    for (const auto& [name, values] : by_type) {
      const ColumnPtr together = concatenate(values[0]->type, values);
      if (together->type.id == TypeId::Tuple && types[0].id != TypeId::Tuple) {
        return query_error(QueryErrorCode::IllegalTypeOfArgument,
                           "The right side of IN has tuples, the left side has none");
      }
      GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr column, fitted(together, types[0], facts()));
      for (std::size_t row = 0; row < together->rows && together->type.id == TypeId::String;
           ++row) {
        if (!column->is_null(row) || together->is_null(row)) continue;
        if (is_time(types[0].id)) {
          GRAPEVINE_RETURN_IF_ERROR(cast(value_at(together, row), types[0], facts()).status());
        }
        return query_error(QueryErrorCode::TypeMismatch, "Cannot convert string '" +
                                                             std::string(together->text(row)) +
                                                             "' to type " + name_of(types[0]));
      }
      rows.push_back({column->rows, {full(column)}});
    }
  } else {
    for (const BoundPtr& element : elements) {
      if (element->type.elements.size() != left.size()) {
        return wrong_tuple(left.size(), std::max<std::size_t>(element->type.elements.size(), 1));
      }
      Block row{1, {}};
      const std::vector<BoundPtr> parts = elements_of(*element->constant);
      for (std::size_t i = 0; i < parts.size(); ++i) {
        GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr column,
                                   fitted(full(parts[i]->constant), types[i], facts()));
        row.columns.push_back(full(column));
      }
      rows.push_back(std::move(row));
    }
  }
  std::string what;
  for (const BoundPtr& element : elements) what += element->key;
  BoundPtr made = bound_in(left, std::make_shared<ValueSet>(std::move(types), rows), negated, what);
  const bool all_constant = std::all_of(
      left.begin(), left.end(), [](const BoundPtr& one) { return one->constant != nullptr; });
  if (!all_constant) return made;
  const Block row{1, {}};
  GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr value, Evaluator(row)(made));
  return bound_constant(value_at(value, 0));
}

absl::StatusOr<BoundPtr> ExpressionBinder::bind_in_query(const std::vector<BoundPtr>& left,
                                                         const QueryPtr& query,
                                                         const Environment& environment,
                                                         bool negated) {
  std::vector<DataType> from;
  GRAPEVINE_ASSIGN_OR_RETURN(Block rows,
                             planner_.rows_of(query, environment, ~std::uint64_t{0}, from));
  if (from.size() != left.size()) return wrong_width(left.size(), from.size());
  if (left.size() == 1 && left[0]->type.id == TypeId::Nothing) return null_truth();
  std::vector<DataType> types;
  for (std::size_t i = 0; i < left.size(); ++i) {
    types.push_back(not_null(left[i]->type));
    GRAPEVINE_ASSIGN_OR_RETURN(rows.columns[i], fitted(rows.columns[i], types[i], facts()));
  }
  const std::vector<Block> blocks{std::move(rows)};
  const std::string what = "query " + std::to_string(reinterpret_cast<std::uintptr_t>(query.get()));
  return bound_in(left, std::make_shared<ValueSet>(std::move(types), blocks), negated, what);
}

}  // namespace grapevine::sql
