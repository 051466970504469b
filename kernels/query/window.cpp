#include "kernels/query/window.hpp"

#include <string>
#include <utility>

#include "kernels/query/query_error.hpp"
#include "kernels/query/windows/frame_aggregates.hpp"
#include "kernels/query/windows/position_functions.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// Answers are made by position; the row at position p is order[p].
ColumnPtr in_row_order(const ColumnPtr& by_position, const WindowRows& window) {
  std::vector<std::uint32_t> position_of(window.order.size());
  for (std::uint32_t at = 0; at < position_of.size(); ++at) position_of[window.order[at]] = at;
  return gather_present(by_position, position_of);
}

std::vector<ColumnPtr> by_position(std::span<const ColumnPtr> columns, const WindowRows& window) {
  std::vector<ColumnPtr> result;
  for (const ColumnPtr& column : columns) {
    result.push_back(column->constant ? column : gather_present(column, window.order));
  }
  return result;
}

// A default must be of the type that it stands in for, but for NULL.
absl::StatusOr<std::vector<ColumnPtr>> with_default_of_type(std::vector<ColumnPtr> arguments,
                                                            std::size_t rows) {
  if (arguments.size() < 3) return arguments;
  const DataType& type = arguments[0]->type;
  const auto common = common_type({type, arguments[2]->type});
  if (!common.ok() || *common != type) {
    return query_error(QueryErrorCode::BadArguments,
                       "The default value of type '" + name_of(arguments[2]->type) +
                           "' does not fit the argument type '" + name_of(type) + "'");
  }
  if (arguments[2]->type != type) {
    GRAPEVINE_ASSIGN_OR_RETURN(arguments[2], cast(arguments[2], type, SessionFacts()));
    if (arguments[2]->constant) arguments[2] = resized(arguments[2], rows);
  }
  return arguments;
}

}  // namespace

bool is_window_function(std::string_view name) { return position_function(name).has_value(); }

absl::StatusOr<DataType> window_function_type(std::string_view name,
                                              std::span<const DataType> arguments) {
  const auto function = position_function(name);
  if (!function) {
    return query_error(QueryErrorCode::UnknownFunction,
                       "Unknown window function " + std::string(name));
  }
  const auto takes = [&](std::size_t least, std::size_t most) {
    if (arguments.size() >= least && arguments.size() <= most) return absl::OkStatus();
    return query_error(QueryErrorCode::NumberOfArgumentsDoesntMatch,
                       "Function " + std::string(name) + " takes from " + std::to_string(least) +
                           " to " + std::to_string(most) + " arguments");
  };
  switch (*function) {
    case PositionFunction::RowNumber:
    case PositionFunction::Rank:
    case PositionFunction::DenseRank: return plain(TypeId::UInt64);
    case PositionFunction::PercentRank:
    case PositionFunction::CumeDist: return plain(TypeId::Float64);
    case PositionFunction::Ntile:
      GRAPEVINE_RETURN_IF_ERROR(takes(1, 1));
      if (is_integer(arguments[0].id) && !arguments[0].nullable) return plain(TypeId::UInt64);
      return query_error(
          QueryErrorCode::BadArguments,
          "The argument type of function ntile must be integer, but got " + name_of(arguments[0]));
    case PositionFunction::FirstValue:
    case PositionFunction::LastValue: GRAPEVINE_RETURN_IF_ERROR(takes(1, 1)); break;
    case PositionFunction::NthValue: GRAPEVINE_RETURN_IF_ERROR(takes(2, 2)); break;
    default: GRAPEVINE_RETURN_IF_ERROR(takes(1, 3)); break;
  }
  if (arguments.size() > 1 && !is_integer(arguments[1].id)) {
    return query_error(QueryErrorCode::BadArguments,
                       "Offset must be an integer, '" + name_of(arguments[1]) + "' given");
  }
  return arguments[0];
}

absl::StatusOr<ColumnPtr> window_values(const WindowCall& call,
                                        std::span<const ColumnPtr> partition_by,
                                        std::span<const SortKey> order_by, std::size_t rows,
                                        const Stop& stop) {
  GRAPEVINE_ASSIGN_OR_RETURN(const WindowRows window,
                             order_window(partition_by, order_by, rows, stop));
  if (call.aggregate != nullptr) {
    const std::vector<ColumnPtr> arguments = by_position(call.arguments, window);
    if (is_whole_partition(call.frame, order_by)) {
      GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr answers,
                                 aggregate_partitions(*call.aggregate, arguments, window));
      return in_row_order(answers, window);
    }
    GRAPEVINE_ASSIGN_OR_RETURN(const Frames frames, frames_of(call.frame, window, order_by));
    GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr answers,
                               aggregate_frames(*call.aggregate, arguments, frames, stop));
    return in_row_order(answers, window);
  }
  std::vector<DataType> types;
  for (const ColumnPtr& argument : call.arguments) types.push_back(argument->type);
  GRAPEVINE_RETURN_IF_ERROR(window_function_type(call.name, types).status());
  const PositionFunction function = *position_function(call.name);
  if (function <= PositionFunction::Ntile) {
    GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr numbers,
                               numbers_in_partition(function, call, window));
    return in_row_order(numbers, window);
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const Frames frames, frames_of(call.frame, window, order_by));
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<ColumnPtr> own,
                             with_default_of_type(call.arguments, rows));
  GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr values,
                             values_elsewhere(function, by_position(own, window), window, frames));
  return in_row_order(values, window);
}

}  // namespace grapevine::sql
