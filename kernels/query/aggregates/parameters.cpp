#include "kernels/query/aggregates/parameters.hpp"

#include <type_traits>

#include "kernels/query/query_error.hpp"
#include "kernels/query/visit_stored.hpp"

namespace grapevine::sql {
namespace {

bool is_value(const Column& parameter) {
  return parameter.stored() > 0 && parameter.type.id != TypeId::Nothing && !parameter.is_null(0);
}

}  // namespace

absl::StatusOr<double> number_parameter(const Column& parameter) {
  if (!is_value(parameter) || !is_numeric(parameter.type.id)) {
    return query_error(
        QueryErrorCode::CannotConvertType,
        "Cannot convert a parameter of type " + name_of(parameter.type) + " to a number");
  }
  return visit_stored(parameter.type.id, [&]<typename Value>(Value) {
    return static_cast<double>(parameter.fixed<Value>()[0]);
  });
}

absl::StatusOr<std::uint64_t> count_parameter(const Column& parameter) {
  if (!is_value(parameter) || !is_integer(parameter.type.id)) {
    return query_error(QueryErrorCode::CannotConvertType,
                       "A parameter must be an integer, not " + name_of(parameter.type));
  }
  return visit_stored(
      parameter.type.id, [&]<typename Value>(Value) -> absl::StatusOr<std::uint64_t> {
        const Value value = parameter.fixed<Value>()[0];
        if (std::is_signed_v<Value> && value < 0) {
          return query_error(QueryErrorCode::BadArguments, "A parameter must not be negative");
        }
        return static_cast<std::uint64_t>(value);
      });
}

absl::StatusOr<std::string_view> text_parameter(const Column& parameter) {
  if (!is_value(parameter) || parameter.type.id != TypeId::String) {
    return query_error(QueryErrorCode::BadArguments,
                       "A parameter must be a String, not " + name_of(parameter.type));
  }
  return parameter.text(0);
}

}  // namespace grapevine::sql
