#include "kernels/query/aggregates/timed_conditions.hpp"

#include <string>
#include <type_traits>

#include "kernels/query/aggregates/row_loops.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {

void gather_conditions(std::span<const ColumnPtr> arguments, std::size_t first,
                       std::vector<std::uint32_t>& holds) {
  holds.assign(arguments[0]->rows, 0);
  for (std::size_t c = first; c < arguments.size(); ++c) {
    const std::span<const std::uint8_t> values = arguments[c]->fixed<std::uint8_t>();
    for (std::size_t i = 0; i < values.size(); ++i) {
      holds[i] |= (values[i] != 0 ? std::uint32_t{1} : 0) << (c - first);
    }
  }
}

void add_timed_conditions(std::span<const std::uint32_t> groups,
                          std::span<const ColumnPtr> arguments, std::span<const std::uint8_t> mask,
                          bool also_others, GroupedValues<TimedConditions>& rows) {
  std::vector<std::uint32_t> holds;
  gather_conditions(arguments, 1, holds);
  visit_stored(arguments[0]->type.id, [&]<typename Time>(Time) {
    const std::span<const Time> times = arguments[0]->fixed<Time>();
    for_each_row(groups, mask, rows.groups() == 1, [&](std::size_t i, std::uint32_t g) {
      if (holds[i] == 0 && !also_others) return;
      rows.add(g, {static_cast<std::uint64_t>(times[i]), holds[i]});
    });
  });
}

absl::Status check_conditions(const AggregateRequest& request, std::size_t first) {
  for (std::size_t i = first; i < request.arguments.size(); ++i) {
    const TypeId type = request.arguments[i].id;
    if (type == TypeId::UInt8 || type == TypeId::Bool) continue;
    return query_error(QueryErrorCode::IllegalTypeOfArgument,
                       "Illegal type " + name_of(request.arguments[i]) + " of argument " +
                           std::to_string(i + 1) + " of aggregate function " +
                           std::string(request.name) + ", must be UInt8");
  }
  if (request.arguments.size() - first > kConditionsMax) {
    return query_error(
        QueryErrorCode::NumberOfArgumentsDoesntMatch,
        "Too many event arguments for aggregate function " + std::string(request.name));
  }
  return absl::OkStatus();
}

absl::Status check_timed_conditions(const AggregateRequest& request, std::size_t conditions_least) {
  if (request.arguments.size() < 1 + conditions_least) {
    return query_error(request.name.starts_with("sequence")
                           ? QueryErrorCode::TooFewArgumentsForFunction
                           : QueryErrorCode::NumberOfArgumentsDoesntMatch,
                       "Aggregate function " + std::string(request.name) +
                           " requires one timestamp argument and at least " +
                           std::to_string(conditions_least) + " event conditions");
  }
  const TypeId time = request.arguments[0].id;
  const bool is_unsigned = is_integer(time) && !is_signed(time);
  if (!is_unsigned && time != TypeId::Date && time != TypeId::DateTime) {
    return query_error(QueryErrorCode::IllegalTypeOfArgument,
                       "Illegal type " + name_of(request.arguments[0]) +
                           " of first argument of aggregate function " + std::string(request.name) +
                           ", must be Unsigned Number, Date, DateTime");
  }
  return check_conditions(request, 1);
}

}  // namespace grapevine::sql
