#include "api/sql/bind/expression_binder.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "api/sql/parse.hpp"
#include "kernels/query/functions/truth.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

constexpr std::size_t kDepthMax = 1000;

template <typename Value>
BoundPtr number(TypeId id, Value value) {
  return bound_constant(constant_fixed<Value>(plain(id), value));
}

BoundPtr unsigned_literal(std::uint64_t value) {
  if (value <= 0xFF) return number(TypeId::UInt8, static_cast<std::uint8_t>(value));
  if (value <= 0xFFFF) return number(TypeId::UInt16, static_cast<std::uint16_t>(value));
  if (value <= 0xFFFF'FFFF) return number(TypeId::UInt32, static_cast<std::uint32_t>(value));
  return number(TypeId::UInt64, value);
}

BoundPtr signed_literal(std::int64_t value) {
  if (value >= 0) return unsigned_literal(static_cast<std::uint64_t>(value));
  if (value >= std::numeric_limits<std::int8_t>::min()) {
    return number(TypeId::Int8, static_cast<std::int8_t>(value));
  }
  if (value >= std::numeric_limits<std::int16_t>::min()) {
    return number(TypeId::Int16, static_cast<std::int16_t>(value));
  }
  if (value >= std::numeric_limits<std::int32_t>::min()) {
    return number(TypeId::Int32, static_cast<std::int32_t>(value));
  }
  return number(TypeId::Int64, value);
}

// A parameter's text as TabSeparated has it.
std::string unescaped(std::string_view text) {
  std::string plain_text;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      plain_text += text[i];
      continue;
    }
    switch (const char c = text[++i]) {
      case 'n': plain_text += '\n'; break;
      case 't': plain_text += '\t'; break;
      case 'r': plain_text += '\r'; break;
      case 'b': plain_text += '\b'; break;
      case 'f': plain_text += '\f'; break;
      case '0': plain_text += '\0'; break;
      default: plain_text += c;
    }
  }
  return plain_text;
}

// The one row as a value.
ColumnPtr tuple_of(const Block& row, const std::vector<DataType>& types,
                   const std::vector<std::string>& names) {
  auto column = std::make_shared<Column>();
  column->type = plain(TypeId::Tuple);
  column->type.elements = types;
  column->type.element_names = names;
  column->rows = 1;
  column->constant = true;
  TupleValues values;
  for (const ColumnPtr& element : row.columns)
    values.elements.push_back(full(value_at(element, 0)));
  column->values = std::move(values);
  return column;
}

}  // namespace

absl::Status ExpressionBinder::add_aliases(const ExpressionPtr& expression) {
  return note_aliases(expression, aliases_);
}

absl::Status ExpressionBinder::note_aliases(const ExpressionPtr& expression, Aliases& aliases) {
  std::vector<ExpressionPtr> open{expression};
  while (!open.empty()) {
    const ExpressionPtr node = std::move(open.back());
    open.pop_back();
    if (node == nullptr) continue;
    if (!node->alias.empty()) {
      const auto [entry, added] = aliases.emplace(node->alias, node);
      if (!added && entry->second != node && to_text(*entry->second) != to_text(*node)) {
        return query_error(QueryErrorCode::MultipleExpressionsForAlias,
                           "Different expressions with the same alias " + node->alias + ": " +
                               to_text(*entry->second) + " and " + to_text(*node));
      }
    }
    // Those inside a lambda are known there alone.
    if (node->kind == Expression::Kind::Lambda) continue;
    open.insert(open.end(), node->arguments.begin(), node->arguments.end());
  }
  return absl::OkStatus();
}

absl::StatusOr<BoundPtr> ExpressionBinder::bind(const ExpressionPtr& expression,
                                                const char* no_aggregates) {
  const char* before = std::exchange(no_aggregates_, no_aggregates);
  auto bound = bind_node(expression);
  no_aggregates_ = before;
  return bound;
}

absl::StatusOr<BoundPtr> ExpressionBinder::bind_node(const ExpressionPtr& expression) {
  if (++depth_ > kDepthMax) {
    return query_error(QueryErrorCode::TooDeepRecursion,
                       "The expression is nested more than 1000 levels deep");
  }
  if (const auto alias = aliases_.find(expression->alias);
      alias != aliases_.end() && alias->second == expression && lambdas_.empty() &&
      !open_aliases_.contains(expression->alias)) {
    // Inside of what it is an alias of, the name means a column.
    auto bound = bind_alias(expression->alias, expression);
    --depth_;
    return bound;
  }
  absl::StatusOr<BoundPtr> bound = [&]() -> absl::StatusOr<BoundPtr> {
    switch (expression->kind) {
      case Expression::Kind::Literal: return bind_literal(*expression);
      case Expression::Kind::Identifier: return bind_identifier(*expression);
      case Expression::Kind::Parameter: return bind_parameter(*expression);
      case Expression::Kind::Subquery: return bind_scalar(*expression);
      case Expression::Kind::Function: return bind_function(*expression);
      case Expression::Kind::Asterisk:
        return query_error(QueryErrorCode::UnsupportedMethod,
                           "* stands where one value is expected");
      case Expression::Kind::Lambda:
        return query_error(QueryErrorCode::BadArguments,
                           "A lambda stands where a value is expected: " + to_text(*expression));
    }
    return query_error(QueryErrorCode::LogicalError, "an expression of no kind");
  }();
  --depth_;
  return bound;
}

absl::StatusOr<std::vector<BoundPtr>> ExpressionBinder::bind_all(
    const std::vector<ExpressionPtr>& expressions) {
  std::vector<BoundPtr> bound;
  bound.reserve(expressions.size());
  for (const ExpressionPtr& expression : expressions) {
    GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr one, bind_node(expression));
    bound.push_back(std::move(one));
  }
  return bound;
}

absl::StatusOr<BoundPtr> ExpressionBinder::bind_literal(const Expression& expression) {
  return std::visit(
      [](const auto& value) -> BoundPtr {
        using Value = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, std::monostate>) {
          return bound_constant(constant_null(nullable(plain(TypeId::Nothing))));
        } else if constexpr (std::is_same_v<Value, bool>) {
          return number(TypeId::Bool, static_cast<std::uint8_t>(value ? 1 : 0));
        } else if constexpr (std::is_same_v<Value, std::uint64_t>) {
          return unsigned_literal(value);
        } else if constexpr (std::is_same_v<Value, std::int64_t>) {
          return signed_literal(value);
        } else if constexpr (std::is_same_v<Value, double>) {
          return number(TypeId::Float64, value);
        } else {
          return bound_constant(constant_text(value));
        }
      },
      expression.literal);
}

absl::StatusOr<BoundPtr> ExpressionBinder::bind_alias(const std::string& name,
                                                      const ExpressionPtr& meant) {
  open_aliases_.insert(name);
  const std::size_t before = meant_columns_.size();
  auto bound = bind_node(meant);
  open_aliases_.erase(name);
  // Where another alias is open, a name in this one may have meant a column instead of it.
  const auto inside = meant_columns_.begin() + static_cast<std::ptrdiff_t>(before);
  meant_columns_.erase(std::remove(inside, meant_columns_.end(), name), meant_columns_.end());
  if (bound.ok() && meant_columns_.size() == before) bound_aliases_[name] = *bound;
  return bound;
}

absl::StatusOr<BoundPtr> ExpressionBinder::bind_identifier(const Expression& expression) {
  const std::vector<std::string>& parts = expression.parts;
  if (!lambdas_.empty()) {
    GRAPEVINE_ASSIGN_OR_RETURN(std::optional<BoundPtr> known, bind_in_lambda(expression));
    if (known) return *std::move(known);
  }
  if (parts.size() == 1 && !open_aliases_.contains(parts[0])) {
    const std::string& name = parts[0];
    if (const auto known = bound_aliases_.find(name); known != bound_aliases_.end()) {
      if (no_aggregates_ != nullptr && contains(known->second, Bound::Kind::Aggregate)) {
        return query_error(
            QueryErrorCode::IllegalAggregation,
            "Aggregate function of alias " + name + " is found in " + no_aggregates_);
      }
      return known->second;
    }
    ExpressionPtr meant;
    if (const auto alias = aliases_.find(name); alias != aliases_.end()) {
      meant = alias->second;
    } else if (scope_.find(parts) == nullptr) {
      for (const Environment* e = &environment_; e != nullptr && meant == nullptr; e = e->outer) {
        if (const auto with = e->expressions.find(name); with != e->expressions.end()) {
          meant = with->second;
        }
      }
    }
    if (meant != nullptr && meant.get() != &expression) {
      // An alias was written where the lambdas around its use are not known.
      std::vector<LambdaScope> around = std::exchange(lambdas_, {});
      auto bound = bind_alias(name, meant);
      lambdas_ = std::move(around);
      return bound;
    }
  }
  if (const ScopeColumn* column = scope_.find(parts)) {
    if (parts.size() == 1 && open_aliases_.contains(parts[0])) meant_columns_.push_back(parts[0]);
    return bound_column(column->column, column->type, column->name);
  }
  if (parts.size() > 1) {
    GRAPEVINE_ASSIGN_OR_RETURN(std::optional<BoundPtr> element, bind_element(expression));
    if (element) return *std::move(element);
  }
  std::string name = parts[0];
  for (std::size_t i = 1; i < parts.size(); ++i) name += "." + parts[i];
  std::string message = "Unknown expression identifier '" + name + "'";
  if (const std::string nearest = scope_.nearest(name); !nearest.empty()) {
    message += ". Maybe you meant: ['" + nearest + "']";
  }
  return query_error(QueryErrorCode::UnknownIdentifier, message);
}

// t.a of a tuple t with names; nullopt: it is none.
absl::StatusOr<std::optional<BoundPtr>> ExpressionBinder::bind_element(
    const Expression& expression) {
  auto whole = std::make_shared<Expression>();
  whole->kind = Expression::Kind::Identifier;
  whole->parts = {expression.parts.begin(), expression.parts.end() - 1};
  const auto tuple = bind_identifier(*whole);
  if (!tuple.ok()) {
    const bool unknown = query_error_code(tuple.status()) == QueryErrorCode::UnknownIdentifier;
    return unknown ? absl::StatusOr<std::optional<BoundPtr>>(std::nullopt) : tuple.status();
  }
  const std::vector<std::string>& names = (*tuple)->type.element_names;
  if ((*tuple)->type.id != TypeId::Tuple ||
      std::find(names.begin(), names.end(), expression.parts.back()) == names.end()) {
    return std::nullopt;
  }
  GRAPEVINE_ASSIGN_OR_RETURN(
      BoundPtr element,
      bound_call("tupleElement", {*tuple, bound_constant(constant_text(expression.parts.back()))},
                 facts()));
  return std::optional<BoundPtr>(std::move(element));
}

absl::StatusOr<std::optional<BoundPtr>> ExpressionBinder::bind_in_lambda(
    const Expression& expression) {
  const std::string& name = expression.parts[0];
  for (std::size_t i = lambdas_.size(); i-- > 0;) {
    if (const auto found = lambdas_[i].names.find(name); found != lambdas_[i].names.end()) {
      BoundPtr value = found->second;
      for (std::size_t part = 1; part < expression.parts.size(); ++part) {
        GRAPEVINE_ASSIGN_OR_RETURN(
            value,
            bound_call("tupleElement",
                       {value, bound_constant(constant_text(expression.parts[part]))}, facts()));
      }
      return value;
    }
    const auto alias = lambdas_[i].aliases.find(name);
    if (alias == lambdas_[i].aliases.end() || expression.parts.size() > 1) continue;
    // Inside of itself the name means something else.
    const ExpressionPtr meant = alias->second;
    const auto begin = lambdas_.begin() + static_cast<std::ptrdiff_t>(i) + 1;
    std::vector<LambdaScope> inside(begin, lambdas_.end());
    lambdas_.erase(begin, lambdas_.end());
    lambdas_[i].aliases.erase(name);
    GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr bound, bind_node(meant));
    lambdas_.insert(lambdas_.end(), inside.begin(), inside.end());
    lambdas_[i].names[name] = bound;
    return bound;
  }
  return std::nullopt;
}

absl::StatusOr<BoundPtr> ExpressionBinder::bind_parameter(const Expression& expression) {
  const std::string& name = expression.parts[0];
  const std::string* text = find_field(planner_.parameters(), name);
  if (text == nullptr) {
    return query_error(QueryErrorCode::UnknownQueryParameter,
                       "Substitution `" + name + "` is not set");
  }
  if (expression.parts[1] == "Identifier") {
    auto identifier = std::make_shared<Expression>(expression);
    identifier->kind = Expression::Kind::Identifier;
    identifier->parts = {unescaped(*text)};
    return bind_node(identifier);
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const DataType type, parse_type(expression.parts[1]));
  if (*text == "\\N") {
    if (!type.nullable) {
      return query_error(
          QueryErrorCode::BadQueryParameter,
          "Value \\N cannot be parsed as " + name_of(type) + " for query parameter '" + name + "'");
    }
    return bound_constant(constant_null(type));
  }
  // The elements of arrays and tuples stand in quotes, in which escapes are read with them.
  const bool holds_quotes = type.id == TypeId::Array || type.id == TypeId::Tuple;
  auto value = cast(constant_text(holds_quotes ? *text : unescaped(*text)), type, facts());
  if (!value.ok() && (!is_numeric(type.id) || text->empty())) return value.status();
  if (!value.ok()) {
    return query_error(QueryErrorCode::BadQueryParameter,
                       "Value " + *text + " cannot be parsed as " + name_of(type) +
                           " for query parameter '" + name + "'");
  }
  return bound_constant((*value)->constant ? *value : value_at(*value, 0));
}

absl::StatusOr<BoundPtr> ExpressionBinder::bind_scalar(const Expression& expression) {
  std::vector<DataType> types;
  GRAPEVINE_ASSIGN_OR_RETURN(const Block rows,
                             planner_.rows_of(expression.query, environment_, 2, types));
  if (rows.rows > 1) {
    return query_error(QueryErrorCode::ScalarSubqueryReturnedMoreThanOneRow,
                       "Scalar subquery returned more than one row");
  }
  if (types.size() > 1) {
    if (rows.rows == 0) {
      return query_error(QueryErrorCode::NotImplemented,
                         "A scalar subquery of several columns has no row: a Tuple cannot be NULL");
    }
    return bound_constant(tuple_of(rows, types, planner_.names_of(expression.query, environment_)));
  }
  std::vector<BoundPtr> values;
  for (std::size_t i = 0; i < types.size(); ++i) {
    // A value of a subquery may be NULL, when it has no row, unless its type cannot.
    const DataType type = nullable(types[i]);
    if (rows.rows == 0) {
      values.push_back(
          bound_constant(type.nullable ? constant_null(type) : constant_default(type, 1)));
      continue;
    }
    GRAPEVINE_ASSIGN_OR_RETURN(
        BoundPtr value, bound_cast(bound_constant(value_at(rows.columns[i], 0)), type, facts()));
    values.push_back(std::move(value));
  }
  return values[0];
}

absl::StatusOr<BoundPtr> ExpressionBinder::bind_function(const Expression& expression) {
  const std::string& name = expression.name;
  if (expression.window != nullptr) return bind_window(expression);
  if (name == "in" || name == "notIn" || name == "globalIn" || name == "globalNotIn") {
    return bind_in(expression);
  }
  if (name == "exists" && expression.arguments.size() == 1 &&
      expression.arguments[0]->kind == Expression::Kind::Subquery) {
    std::vector<DataType> types;
    GRAPEVINE_ASSIGN_OR_RETURN(
        const Block rows, planner_.rows_of(expression.arguments[0]->query, environment_, 1, types));
    return number(TypeId::UInt8, static_cast<std::uint8_t>(rows.rows > 0 ? 1 : 0));
  }
  if (is_aggregate(name) &&
      !(is_function(name) && !expression.distinct && expression.parameters.empty())) {
    return bind_aggregate(expression, name);
  }
  if (is_window_function(name)) {
    return query_error(QueryErrorCode::BadArguments,
                       name + " is a window function: it needs OVER (...)");
  }
  if (!expression.parameters.empty()) {
    return query_error(
        QueryErrorCode::UnknownAggregateFunction,
        "Unknown aggregate function " + name + ": only aggregate functions have parameters");
  }
  if (expression.distinct) {
    return query_error(QueryErrorCode::UnknownAggregateFunction,
                       "DISTINCT is only for aggregate functions, which " + name + " is not");
  }
  if (name == "arrayJoin") return bind_array_join(expression);
  GRAPEVINE_ASSIGN_OR_RETURN(std::optional<BoundPtr> higher_order, bind_higher_order(expression));
  if (higher_order) return *std::move(higher_order);
  if (name == "grouping") return bind_grouping(expression);
  if (name == "getSetting" || name == "getSettingOrDefault") return bind_setting(expression);
  if (name == "untuple") {
    return query_error(QueryErrorCode::NotImplemented,
                       "Function untuple is not supported but as a column of SELECT");
  }
  const bool is_choice = name == "if" || name == "multiIf";
  if (is_choice && expression.arguments.size() == 3) return bind_choice(expression);
  GRAPEVINE_ASSIGN_OR_RETURN(std::vector<BoundPtr> arguments, bind_all(expression.arguments));
  return bound_call(name, std::move(arguments), facts());
}

// A condition and two branches. Where the condition is a constant, the branch that is never taken need not
// make sense.
absl::StatusOr<BoundPtr> ExpressionBinder::bind_choice(const Expression& expression) {
  GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr condition, bind_node(expression.arguments[0]));
  const TypeId type = condition->type.id;
  const bool is_settled =
      condition->constant != nullptr &&
      (type == TypeId::UInt8 || type == TypeId::Bool || type == TypeId::Nothing);
  if (!is_settled) {
    GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr first, bind_node(expression.arguments[1]));
    GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr second, bind_node(expression.arguments[2]));
    return bound_call(expression.name, {condition, first, second}, facts());
  }
  const bool is_true = truths_of(resized(condition->constant, 1), 1)[0] == 1;
  const std::size_t taken = is_true ? 1 : 2, other = is_true ? 2 : 1;
  std::vector<BoundPtr> arguments(3);
  arguments[0] = condition;
  const auto never = bind_node(expression.arguments[other]);
  GRAPEVINE_ASSIGN_OR_RETURN(arguments[taken], bind_node(expression.arguments[taken]));
  if (!never.ok()) return arguments[taken];
  arguments[other] = *never;
  return bound_call(expression.name, std::move(arguments), facts());
}

absl::StatusOr<BoundPtr> ExpressionBinder::bind_array_join(const Expression& expression) {
  if (expression.arguments.size() != 1) {
    return query_error(QueryErrorCode::NumberOfArgumentsDoesntMatch,
                       "Number of arguments for function arrayJoin doesn't match: passed " +
                           std::to_string(expression.arguments.size()) + ", should be 1");
  }
  GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr array, bind_node(expression.arguments[0]));
  return bound_array_join(std::move(array));
}

}  // namespace grapevine::sql
