#include <cmath>
#include <string>

#include "api/sql/tables/functions/table_functions.hpp"
#include "kernels/query/query_error.hpp"

namespace grapevine::sql {
namespace {

template <typename Number>
absl::StatusOr<std::uint64_t> whole(Number number) {
  if constexpr (std::is_signed_v<Number>) {
    if (number < 0) {
      return query_error(QueryErrorCode::IllegalTypeOfArgument,
                         "The value " + std::to_string(number) + " is not representable as UInt64");
    }
  }
  return static_cast<std::uint64_t>(number);
}

absl::StatusOr<std::uint64_t> whole_of_float(double number) {
  constexpr double kTwoTo64 = 18446744073709551616.0;
  if (!(number >= 0.0) || number >= kTwoTo64 || std::floor(number) != number) {
    return query_error(QueryErrorCode::IllegalTypeOfArgument,
                       "The value " + std::to_string(number) + " is not representable as UInt64");
  }
  return static_cast<std::uint64_t>(number);
}

}  // namespace

absl::Status wrong_count(std::string_view function, std::string_view wanted) {
  return query_error(QueryErrorCode::NumberOfArgumentsDoesntMatch,
                     "Table function '" + std::string(function) + "' takes " + std::string(wanted));
}

absl::StatusOr<std::uint64_t> whole_argument(const Column& argument) {
  if (!argument.is_null(0)) {
    switch (argument.type.id) {
      case TypeId::Bool:
      case TypeId::UInt8: return argument.fixed<std::uint8_t>()[0];
      case TypeId::UInt16: return argument.fixed<std::uint16_t>()[0];
      case TypeId::UInt32: return argument.fixed<std::uint32_t>()[0];
      case TypeId::UInt64: return argument.fixed<std::uint64_t>()[0];
      case TypeId::Int8: return whole(argument.fixed<std::int8_t>()[0]);
      case TypeId::Int16: return whole(argument.fixed<std::int16_t>()[0]);
      case TypeId::Int32: return whole(argument.fixed<std::int32_t>()[0]);
      case TypeId::Int64: return whole(argument.fixed<std::int64_t>()[0]);
      case TypeId::Float32: return whole_of_float(argument.fixed<float>()[0]);
      case TypeId::Float64: return whole_of_float(argument.fixed<double>()[0]);
      default: break;
    }
  }
  return query_error(
      QueryErrorCode::IllegalTypeOfArgument,
      "Illegal type " + name_of(argument.type) + " expression, must be numeric type");
}

absl::StatusOr<std::string_view> text_argument(const Column& argument) {
  if (argument.type.id == TypeId::String && !argument.is_null(0)) return argument.text(0);
  return query_error(QueryErrorCode::IllegalTypeOfArgument,
                     "Illegal type " + name_of(argument.type) + " expression, must be a String");
}

}  // namespace grapevine::sql
