#include <cmath>
#include <string>

#include "api/sql/execute/query_context.hpp"
#include "api/sql/tables/functions/table_functions.hpp"
#include "api/sql/tables/number_table.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

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

absl::StatusOr<TablePtr> make_numbers(TableArguments arguments, QueryContext&) {
  if (arguments.size() > 3) {
    return wrong_count("numbers", "a count, or the first number, a count and a step");
  }
  std::vector<std::uint64_t> numbers;
  for (const ColumnPtr& argument : arguments) {
    GRAPEVINE_ASSIGN_OR_RETURN(numbers.emplace_back(), whole_argument(*argument));
  }
  if (numbers.empty()) return number_table(0, kAllNumbers);
  if (numbers.size() == 1) return number_table(0, numbers[0]);
  const std::uint64_t step = numbers.size() > 2 ? numbers[2] : 1;
  if (step == 0) {
    return query_error(QueryErrorCode::BadArguments,
                       "Table function numbers requires step to be a positive number");
  }
  // Of the numbers that lie within the length every `step`th.
  return number_table(numbers[0], numbers[1] / step + (numbers[1] % step != 0), "number", step);
}

absl::StatusOr<TablePtr> make_series(TableArguments arguments, QueryContext&) {
  if (arguments.size() < 2 || arguments.size() > 3) {
    return wrong_count("generateSeries", "the first number, the last one, and maybe a step");
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const std::uint64_t first, whole_argument(*arguments[0]));
  GRAPEVINE_ASSIGN_OR_RETURN(const std::uint64_t last, whole_argument(*arguments[1]));
  std::uint64_t step = 1;
  if (arguments.size() > 2) {
    GRAPEVINE_ASSIGN_OR_RETURN(step, whole_argument(*arguments[2]));
  }
  if (step == 0) {
    return query_error(QueryErrorCode::BadArguments,
                       "Table function 'generateSeries' requires step to be a non-zero number");
  }
  constexpr char kColumn[] = "generate_series";
  if (first > last) return number_table(first, 0, kColumn);
  const std::uint64_t steps = (last - first) / step;
  if (steps == kAllNumbers) {
    return query_error(QueryErrorCode::BadArguments,
                       "Table function 'generateSeries': there are more than 2^64 - 1 numbers");
  }
  return number_table(first, steps + 1, kColumn, step);
}

absl::StatusOr<TablePtr> make_zeros(TableArguments arguments, QueryContext&) {
  if (arguments.size() > 1) return wrong_count("zeros", "a count");
  std::uint64_t count = kAllNumbers;
  if (!arguments.empty()) {
    GRAPEVINE_ASSIGN_OR_RETURN(count, whole_argument(*arguments[0]));
  }
  return zero_table(count);
}

absl::StatusOr<TablePtr> make_one(TableArguments arguments, QueryContext&) {
  if (!arguments.empty()) return wrong_count("one", "no arguments");
  return zero_table(1, "dummy");
}

}  // namespace grapevine::sql
