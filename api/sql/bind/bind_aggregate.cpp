#include "api/sql/bind/expression_binder.hpp"
#include "api/sql/parse.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// groupConcat and its other names, with combinators or not.
bool is_text_list(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return name.starts_with("groupConcat") || lower.starts_with("group_concat") ||
         lower.starts_with("string_agg");
}

}  // namespace

// groupConcat(x, ',') is groupConcat(',')(x), and x any type.
absl::Status ExpressionBinder::use_texts(const std::string& name, std::vector<BoundPtr>& arguments,
                                         std::vector<BoundPtr>& parameters, bool has_filter) {
  if (!is_text_list(name)) return absl::OkStatus();
  const std::size_t values = arguments.size() - (has_filter ? 1 : 0);
  if (values == 2 && parameters.empty() && arguments[1]->constant != nullptr &&
      arguments[1]->type.id == TypeId::String) {
    parameters.push_back(arguments[1]);
    arguments.erase(arguments.begin() + 1);
  }
  if (arguments.empty() || arguments[0]->type.id == TypeId::String ||
      arguments[0]->type.id == TypeId::Nothing) {
    return absl::OkStatus();
  }
  GRAPEVINE_ASSIGN_OR_RETURN(arguments[0], bound_call("toString", {arguments[0]}, facts()));
  return absl::OkStatus();
}

absl::StatusOr<BoundPtr> ExpressionBinder::bind_aggregate(const Expression& expression,
                                                          std::string name) {
  if (no_aggregates_ != nullptr) {
    return query_error(
        QueryErrorCode::IllegalAggregation,
        "Aggregate function " + column_name(expression) + " is found in " + no_aggregates_);
  }
  std::vector<ExpressionPtr> said = expression.arguments;
  if (said.size() == 1 && said[0]->kind == Expression::Kind::Asterisk) said.clear();
  if (expression.filter != nullptr) {
    said.push_back(expression.filter);
    name += "If";
  }
  no_aggregates_ = "an aggregate function";
  auto arguments = bind_all(said);
  auto parameters = bind_all(expression.parameters);
  no_aggregates_ = nullptr;
  GRAPEVINE_RETURN_IF_ERROR(arguments.status());
  GRAPEVINE_RETURN_IF_ERROR(parameters.status());
  GRAPEVINE_RETURN_IF_ERROR(use_texts(name, *arguments, *parameters, expression.filter != nullptr));
  auto made = std::make_shared<sql::Bound>();
  made->kind = Bound::Kind::Aggregate;
  std::vector<ColumnPtr> constants;
  std::string what = name + (expression.distinct ? " distinct" : "");
  std::vector<BoundPtr> parts = *arguments;
  for (const BoundPtr& parameter : *parameters) {
    if (parameter->constant == nullptr) {
      return query_error(QueryErrorCode::BadArguments,
                         "Parameters of aggregate functions must be constant");
    }
    constants.push_back(parameter->constant);
    what += parameter->key;
  }
  std::vector<DataType> types;
  for (const BoundPtr& argument : *arguments) {
    types.push_back(argument->type);
    what += argument->key;
  }
  GRAPEVINE_ASSIGN_OR_RETURN(made->aggregate,
                             make_aggregate(name, constants, types, expression.distinct));
  made->type = made->aggregate->type();
  if (constants.empty() && !expression.distinct) made->aggregate_name = name;
  made->name = column_name(expression);
  made->arguments = *std::move(arguments);
  made->key = bound_constant(constant_text(what))->key;
  return BoundPtr(std::move(made));
}

// grouping(a, b) of ROLLUP, CUBE or GROUPING SETS: a bit for each, the last the lowest, set where
// the row is not of a group of it. What it is, is known where the groups are planned.
absl::StatusOr<BoundPtr> ExpressionBinder::bind_grouping(const Expression& expression) {
  if (no_aggregates_ != nullptr) {
    return query_error(
        QueryErrorCode::IllegalAggregation,
        "GROUPING function " + column_name(expression) + " is found in " + no_aggregates_);
  }
  constexpr std::size_t kArgumentsMax = 64;
  if (expression.arguments.empty() || expression.arguments.size() > kArgumentsMax) {
    return query_error(QueryErrorCode::NumberOfArgumentsDoesntMatch,
                       "Function grouping takes 1 to 64 arguments");
  }
  auto made = std::make_shared<sql::Bound>();
  made->kind = Bound::Kind::Aggregate;
  made->type = plain(TypeId::UInt64);
  made->aggregate_name = "grouping";
  made->name = column_name(expression);
  GRAPEVINE_ASSIGN_OR_RETURN(made->arguments, bind_all(expression.arguments));
  std::string what = "grouping";
  for (const BoundPtr& argument : made->arguments) what += argument->key;
  made->key = bound_constant(constant_text(what))->key;
  return BoundPtr(std::move(made));
}

}  // namespace grapevine::sql
