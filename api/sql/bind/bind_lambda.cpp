// Lambdas: functions of arrays that take one, and names that stand for one.
#include <algorithm>
#include <optional>

#include "api/sql/bind/expression_binder.hpp"
#include "api/sql/parse.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// What a function makes of the lambda's values, `f` for short.
enum class Form : std::uint8_t {
  Values,  // f alone: its function of the array of values.
  Picked,  // The function of the values and of the first array.
};

struct HigherOrder {
  std::string_view name;
  Form form;
  bool needs_lambda;
  std::size_t leading = 0;  // Arguments between the lambda and the arrays.
};

constexpr HigherOrder kHigherOrder[] = {
    {"arrayMap", Form::Values, true},
    {"arrayFilter", Form::Picked, true},
    {"arrayFill", Form::Picked, true},
    {"arrayReverseFill", Form::Picked, true},
    {"arraySplit", Form::Picked, true},
    {"arrayReverseSplit", Form::Picked, true},
    {"arrayFirst", Form::Picked, true},
    {"arrayLast", Form::Picked, true},
    {"arrayFirstOrNull", Form::Picked, true},
    {"arrayLastOrNull", Form::Picked, true},
    {"arrayFirstIndex", Form::Values, true},
    {"arrayLastIndex", Form::Values, true},
    {"arrayExists", Form::Values, false},
    {"arrayAll", Form::Values, false},
    {"arrayCount", Form::Values, false},
    {"arraySum", Form::Values, false},
    {"arrayAvg", Form::Values, false},
    {"arrayMin", Form::Values, false},
    {"arrayMax", Form::Values, false},
    {"arrayProduct", Form::Values, false},
    {"arrayCumSum", Form::Values, false},
    {"arrayCumSumNonNegative", Form::Values, false},
    {"arrayDifference", Form::Values, false},
    {"arrayCompact", Form::Picked, false},
    {"arraySort", Form::Picked, false},
    {"arrayReverseSort", Form::Picked, false},
    {"arrayPartialSort", Form::Picked, false, 1},
    {"arrayPartialReverseSort", Form::Picked, false, 1},
};

const HigherOrder* find_higher_order(std::string_view name) {
  const auto* found = std::find_if(std::begin(kHigherOrder), std::end(kHigherOrder),
                                   [&](const HigherOrder& one) { return one.name == name; });
  return found == std::end(kHigherOrder) ? nullptr : found;
}

absl::Status wrong_count(std::string_view name, std::size_t wanted, std::size_t passed) {
  return query_error(QueryErrorCode::NumberOfArgumentsDoesntMatch,
                     "Function " + std::string(name) + " needs at least " + std::to_string(wanted) +
                         " arguments, passed " + std::to_string(passed));
}

// Whether some node is one of these parameters.
bool reads(const BoundPtr& expression, const std::vector<BoundPtr>& parameters) {
  bool found = false;
  for_each_node(expression, [&](const Bound& node) {
    found = found || std::any_of(parameters.begin(), parameters.end(), [&](const BoundPtr& one) {
              return node.kind == Bound::Kind::Parameter && node.column == one->column;
            });
  });
  return found;
}

// The body over a block of the parameters, and then of what it reads of its row, which is added to
// `arguments`.
absl::StatusOr<BoundPtr> closed(const BoundPtr& body, const std::vector<BoundPtr>& parameters,
                                std::vector<BoundPtr>& arguments) {
  const std::size_t arrays = parameters.size();
  std::map<std::string, std::size_t> captured;
  return rewrite(body, [&](const BoundPtr& node) -> absl::StatusOr<BoundPtr> {
    switch (node->kind) {
      case Bound::Kind::Constant:
      case Bound::Kind::Call:
      case Bound::Kind::In:
      case Bound::Kind::Map: return BoundPtr{};
      case Bound::Kind::Parameter:
        for (std::size_t i = 0; i < arrays; ++i) {
          if (parameters[i]->column == node->column) return bound_column(i, node->type, node->name);
        }
        break;
      case Bound::Kind::Column: break;
      default:
        if (!reads(node, parameters)) break;
        return query_error(node->kind == Bound::Kind::ArrayJoin
                               ? QueryErrorCode::BadArguments
                               : QueryErrorCode::NotFoundColumnInBlock,
                           node->name + " cannot depend on the argument of a lambda");
    }
    const auto [entry, added] = captured.emplace(node->key, arguments.size());
    if (added) arguments.push_back(node);
    return bound_column(entry->second, node->type, node->name);
  });
}

}  // namespace

const Expression* ExpressionBinder::lambda_named(const std::string& name) const {
  if (const auto alias = aliases_.find(name); alias != aliases_.end()) {
    return alias->second->kind == Expression::Kind::Lambda ? alias->second.get() : nullptr;
  }
  for (const Environment* e = &environment_; e != nullptr; e = e->outer) {
    const auto with = e->expressions.find(name);
    if (with == e->expressions.end()) continue;
    return with->second->kind == Expression::Kind::Lambda ? with->second.get() : nullptr;
  }
  return nullptr;
}

const Expression* ExpressionBinder::lambda_of(const Expression& expression) const {
  if (expression.kind == Expression::Kind::Lambda) return &expression;
  if (expression.kind != Expression::Kind::Identifier || expression.parts.size() != 1) {
    return nullptr;
  }
  const std::string& name = expression.parts[0];
  for (const LambdaScope& scope : lambdas_) {
    if (scope.names.contains(name) || scope.aliases.contains(name)) return nullptr;
  }
  return lambda_named(name);
}

absl::StatusOr<BoundPtr> ExpressionBinder::bind_body(const Expression& lambda,
                                                     const std::vector<BoundPtr>& values) {
  GRAPEVINE_RETURN_IF_ERROR(planner_.count_lambda());
  LambdaScope scope;
  for (std::size_t i = 0; i < values.size(); ++i) scope.names[lambda.parts[i]] = values[i];
  GRAPEVINE_RETURN_IF_ERROR(note_aliases(lambda.arguments[0], scope.aliases));
  lambdas_.push_back(std::move(scope));
  auto body = bind_node(lambda.arguments[0]);
  lambdas_.pop_back();
  return body;
}

absl::StatusOr<BoundPtr> ExpressionBinder::bind_applied(const Expression& expression,
                                                        const Expression& lambda) {
  if (expression.arguments.size() != lambda.parts.size()) {
    return query_error(QueryErrorCode::BadArguments,
                       "Lambda " + expression.name + " expects " +
                           std::to_string(lambda.parts.size()) + " arguments, passed " +
                           std::to_string(expression.arguments.size()));
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<BoundPtr> arguments, bind_all(expression.arguments));
  // It was written where the lambdas around this call are not known.
  std::vector<LambdaScope> around = std::exchange(lambdas_, {});
  auto body = bind_body(lambda, arguments);
  lambdas_ = std::move(around);
  return body;
}

absl::StatusOr<BoundPtr> ExpressionBinder::bind_map(const std::string& name,
                                                    const Expression& lambda,
                                                    const std::vector<BoundPtr>& arrays) {
  for (const BoundPtr& array : arrays) {
    if (array->type.id == TypeId::Array) continue;
    return query_error(QueryErrorCode::IllegalTypeOfArgument,
                       "An argument of function " + name + " must be Array. Found " +
                           name_of(array->type) + " instead");
  }
  std::vector<BoundPtr> arguments = arrays;
  const std::size_t count = lambda.parts.size();
  const DataType& element = arrays[0]->type.elements[0];
  if (arrays.size() == 1 && count > 1 && element.id == TypeId::Tuple &&
      element.elements.size() == count) {
    // (x, y) of one array of pairs.
    arguments.clear();
    for (std::size_t i = 0; i < count; ++i) {
      BoundPtr place =
          bound_constant(constant_fixed(plain(TypeId::UInt16), static_cast<std::uint16_t>(i + 1)));
      GRAPEVINE_ASSIGN_OR_RETURN(
          BoundPtr part, bound_call("tupleElement", {arrays[0], std::move(place)}, facts()));
      arguments.push_back(std::move(part));
    }
  }
  if (count != arguments.size()) {
    return query_error(QueryErrorCode::IllegalTypeOfArgument,
                       "The first argument of function " + name + " must be a function with " +
                           std::to_string(arguments.size()) + " arguments, it has " +
                           std::to_string(count));
  }
  std::vector<BoundPtr> parameters;
  for (std::size_t i = 0; i < count; ++i) {
    parameters.push_back(bound_parameter(planner_.next_parameter(), arguments[i]->type.elements[0],
                                         lambda.parts[i]));
  }
  GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr body, bind_body(lambda, parameters));
  GRAPEVINE_ASSIGN_OR_RETURN(body, closed(body, parameters, arguments));
  return bound_map(std::move(arguments), count, std::move(body), planner_.context());
}

absl::StatusOr<std::optional<BoundPtr>> ExpressionBinder::bind_higher_order(
    const Expression& expression) {
  const std::vector<ExpressionPtr>& said = expression.arguments;
  if (const Expression* lambda = lambda_named(expression.name)) {
    return bind_applied(expression, *lambda);
  }
  const HigherOrder* function = find_higher_order(expression.name);
  const Expression* lambda = said.empty() ? nullptr : lambda_of(*said[0]);
  if (function == nullptr) {
    const bool any = std::any_of(said.begin(), said.end(), [](const ExpressionPtr& argument) {
      return argument->kind == Expression::Kind::Lambda;
    });
    if (!any || !is_function(expression.name)) return std::nullopt;
    return query_error(QueryErrorCode::IllegalTypeOfArgument,
                       "Function " + expression.name + " can't have lambdas as arguments");
  }
  const std::size_t wanted = function->leading + (function->needs_lambda ? 2 : 1);
  if (said.size() < wanted) return wrong_count(expression.name, wanted, said.size());
  if (lambda == nullptr) {
    if (said.size() == wanted && !function->needs_lambda) return std::nullopt;
    return query_error(QueryErrorCode::IllegalTypeOfArgument,
                       "The first argument of function " + expression.name + " must be a function");
  }
  const std::size_t first = 1 + function->leading;
  if (said.size() <= first) return wrong_count(expression.name, first + 1, said.size());
  GRAPEVINE_ASSIGN_OR_RETURN(std::vector<BoundPtr> arguments,
                             bind_all({said.begin() + 1, said.end()}));
  const std::vector<BoundPtr> arrays(
      arguments.begin() + static_cast<std::ptrdiff_t>(function->leading), arguments.end());
  GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr values, bind_map(expression.name, *lambda, arrays));
  if (expression.name == "arrayMap") return values;
  arguments.resize(function->leading);
  arguments.insert(arguments.begin(), std::move(values));
  if (function->form == Form::Picked) arguments.push_back(arrays[0]);
  return bound_call(expression.name, std::move(arguments), facts());
}

}  // namespace grapevine::sql
