#include <algorithm>
#include <iterator>

#include "api/parse/nearest_name.hpp"
#include "api/sql/execute/query_context.hpp"
#include "api/sql/tables/catalog.hpp"
#include "api/sql/tables/functions/table_functions.hpp"
#include "kernels/query/query_error.hpp"

namespace grapevine::sql {
namespace {

struct TableFunction {
  TableFunctionInfo info;
  absl::StatusOr<TablePtr> (*make)(TableArguments, QueryContext&);
};

constexpr TableFunction kFunctions[] = {
    {{"generateSeries", "The numbers from the first to the last, with a step"}, make_series},
    {{"generate_series", "The numbers from the first to the last, with a step"}, make_series},
    {{"inbox", "What waits for an answer; JSON of the parameters of GET /v1/listen/inbox"},
     make_inbox_items},
    {{"numbers", "So many numbers from 0, or from the first, on"}, make_numbers},
    {{"numbers_mt", "So many numbers from 0, or from the first, on"}, make_numbers},
    {{"one", "One row"}, make_one},
    {{"segment_preview", "Who is in the segment of a definition, which is JSON"},
     make_segment_preview},
    {{"VALUES", "Rows that are written out"}, make_values},
    {{"values", "Rows that are written out"}, make_values},
    {{"wom_seeds", "Whom to tell first: a number of them, or JSON as POST /v1/wom/seeds takes"},
     make_wom_seeds},
    {{"wom_simulate",
      "How far word goes: from a list of customers, or JSON as POST /v1/wom/simulate"},
     make_wom_simulate},
    {{"zeros", "So many zeros"}, make_zeros},
    {{"zeros_mt", "So many zeros"}, make_zeros},
};

}  // namespace

std::vector<TableFunctionInfo> all_table_functions() {
  std::vector<TableFunctionInfo> all;
  for (const TableFunction& function : kFunctions) all.push_back(function.info);
  return all;
}

absl::StatusOr<TablePtr> make_table(std::string_view name, std::span<const ColumnPtr> arguments,
                                    QueryContext& context) {
  std::vector<std::string_view> names;
  for (const TableFunction& function : kFunctions) {
    if (function.info.name == name) return function.make(arguments, context);
    names.push_back(function.info.name);
  }
  return query_error(
      QueryErrorCode::UnknownFunction,
      "Unknown table function " + std::string(name) + ": " + no_such("function", name, names));
}

}  // namespace grapevine::sql
