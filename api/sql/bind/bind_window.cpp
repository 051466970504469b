#include <cmath>

#include "api/sql/bind/expression_binder.hpp"
#include "api/sql/parse.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

std::string key_of(const BoundWindow& window) {
  std::string key = "over";
  for (const BoundPtr& part : window.partition_by) key += "p" + part->key;
  for (const BoundOrder& item : window.order_by) {
    key += item.descending ? "d" : "a";
    key += item.nulls_first ? "f" : "l";
    key += item.expression->key;
  }
  const Frame& frame = window.frame;
  for (const int part :
       {static_cast<int>(frame.unit), static_cast<int>(frame.begin), static_cast<int>(frame.end)}) {
    key += std::to_string(part) + ",";
  }
  return key + std::to_string(frame.begin_offset) + "," + std::to_string(frame.end_offset);
}

}  // namespace

absl::StatusOr<Frame> ExpressionBinder::bind_frame(const WindowFrame& said) {
  if (said.unit == WindowFrame::Unit::Groups) {
    return query_error(QueryErrorCode::NotImplemented, "GROUPS frames are not supported");
  }
  Frame frame;
  frame.unit = said.unit == WindowFrame::Unit::Rows ? Frame::Unit::Rows : Frame::Unit::Range;
  frame.begin = static_cast<Frame::Bound>(said.begin);
  frame.end = static_cast<Frame::Bound>(said.end);
  const auto offset = [&](const ExpressionPtr& expression, double& number) -> absl::Status {
    if (expression == nullptr) return absl::OkStatus();
    GRAPEVINE_ASSIGN_OR_RETURN(const BoundPtr bound, bind_node(expression));
    if (bound->constant == nullptr || !is_numeric(bound->type.id) || bound->constant->is_null(0)) {
      return query_error(QueryErrorCode::BadArguments,
                         "The offset of a window frame must be a constant number");
    }
    GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr value,
                               cast(bound->constant, plain(TypeId::Float64), facts()));
    number = value->fixed<double>()[0];
    if (!(number >= 0) || (frame.unit == Frame::Unit::Rows && number != std::floor(number))) {
      return query_error(QueryErrorCode::BadArguments,
                         "The offset of a window frame must not be negative, and of ROWS whole");
    }
    return absl::OkStatus();
  };
  GRAPEVINE_RETURN_IF_ERROR(offset(said.begin_offset, frame.begin_offset));
  GRAPEVINE_RETURN_IF_ERROR(offset(said.end_offset, frame.end_offset));
  return frame;
}

absl::StatusOr<std::shared_ptr<const BoundWindow>> ExpressionBinder::bind_definition(
    const WindowDefinition& definition) {
  auto window = std::make_shared<BoundWindow>();
  if (!definition.base.empty()) {
    const auto named = windows_.find(definition.base);
    if (named == windows_.end()) {
      return query_error(QueryErrorCode::BadArguments,
                         "Window '" + definition.base + "' does not exist");
    }
    const WindowDefinition base = std::move(named->second);
    windows_.erase(named);  // So that none is made from itself, in however many steps.
    auto bound = bind_definition(base);
    windows_[definition.base] = base;
    GRAPEVINE_RETURN_IF_ERROR(bound.status());
    *window = **bound;
  }
  if (!definition.partition_by.empty()) {
    GRAPEVINE_ASSIGN_OR_RETURN(window->partition_by, bind_all(definition.partition_by));
  }
  for (const OrderItem& item : definition.order_by) {
    GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr expression, bind_node(item.expression));
    window->order_by.push_back(
        {std::move(expression), item.descending, item.nulls_first.value_or(false)});
  }
  if (definition.frame) {
    GRAPEVINE_ASSIGN_OR_RETURN(window->frame, bind_frame(*definition.frame));
  }
  return std::shared_ptr<const BoundWindow>(std::move(window));
}

absl::StatusOr<BoundPtr> ExpressionBinder::bind_window(const Expression& expression) {
  if (no_aggregates_ != nullptr) {
    return query_error(
        QueryErrorCode::IllegalAggregation,
        "Window function " + column_name(expression) + " is found in " + no_aggregates_);
  }
  std::vector<ExpressionPtr> said = expression.arguments;
  if (said.size() == 1 && said[0]->kind == Expression::Kind::Asterisk) said.clear();
  std::string name = expression.name;
  if (expression.filter != nullptr) {
    said.push_back(expression.filter);
    name += "If";
  }
  auto made = std::make_shared<sql::Bound>();
  made->kind = Bound::Kind::Window;
  GRAPEVINE_ASSIGN_OR_RETURN(made->arguments, bind_all(said));
  GRAPEVINE_ASSIGN_OR_RETURN(made->window, bind_definition(*expression.window));
  GRAPEVINE_ASSIGN_OR_RETURN(std::vector<BoundPtr> parameters, bind_all(expression.parameters));
  GRAPEVINE_RETURN_IF_ERROR(
      use_texts(name, made->arguments, parameters, expression.filter != nullptr));
  std::vector<DataType> types;
  std::string what = name + (expression.distinct ? " distinct" : "") + key_of(*made->window);
  for (const BoundPtr& argument : made->arguments) {
    types.push_back(argument->type);
    what += argument->key;
  }
  made->name = name;
  if (is_window_function(name)) {
    GRAPEVINE_ASSIGN_OR_RETURN(made->type, window_function_type(name, types));
  } else {
    std::vector<ColumnPtr> constants;
    for (const BoundPtr& parameter : parameters) {
      if (parameter->constant == nullptr) {
        return query_error(QueryErrorCode::BadArguments,
                           "Parameters of aggregate functions must be constant");
      }
      constants.push_back(parameter->constant);
      what += parameter->key;
    }
    GRAPEVINE_ASSIGN_OR_RETURN(made->aggregate,
                               make_aggregate(name, constants, types, expression.distinct));
    made->type = made->aggregate->type();
  }
  made->key = bound_constant(constant_text(what))->key;
  return BoundPtr(std::move(made));
}

}  // namespace grapevine::sql
