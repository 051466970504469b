#include <string>

#include "api/sql/execute/query_context.hpp"
#include "api/sql/tables/functions/table_functions.hpp"
#include "api/sql/tables/number_table.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
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
