#include <string>

#include "api/sql/execute/query_context.hpp"
#include "api/sql/tables/column_list.hpp"
#include "api/sql/tables/functions/table_functions.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// The values of a row: those of a tuple, or the one that stands alone.
std::vector<ColumnPtr> values_of(const ColumnPtr& row) {
  if (row->type.id != TypeId::Tuple) return {row};
  return row->tuple().elements;
}

absl::Status check_width(std::size_t values, const ColumnPtr& row, std::size_t columns) {
  if (values == columns) return absl::OkStatus();
  return query_error(
      QueryErrorCode::BadArguments,
      row->type.id == TypeId::Tuple
          ? "Values size should match with the number of columns"
          : "Table function VALUES requires all but the first argument (rows specification) to be "
            "either tuples or single values");
}

// A tuple's elements are constants of their own.
ColumnPtr as_constant(const ColumnPtr& value) { return value_at(value, 0, 1); }

absl::StatusOr<std::vector<TableColumn>> guess_columns(TableArguments rows) {
  std::vector<std::vector<DataType>> types;
  for (const ColumnPtr& row : rows) {
    const std::vector<ColumnPtr> values = values_of(row);
    if (types.empty()) types.resize(values.size());
    GRAPEVINE_RETURN_IF_ERROR(check_width(values.size(), row, types.size()));
    for (std::size_t c = 0; c < values.size(); ++c) types[c].push_back(values[c]->type);
  }
  std::vector<TableColumn> columns;
  for (const std::vector<DataType>& each : types) {
    GRAPEVINE_ASSIGN_OR_RETURN(DataType type, common_type(each));
    columns.push_back({"c" + std::to_string(columns.size() + 1), std::move(type)});
  }
  return columns;
}

// What does not survive the way to the column's type and back is out of its range.
absl::StatusOr<ColumnPtr> converted(const ColumnPtr& value, const DataType& type,
                                    const SessionFacts& facts) {
  GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr made, cast(value, type, facts));
  if (!is_integer(value->type.id) || !is_integer(type.id) || value->is_null(0)) return made;
  const DataType text = nullable(plain(TypeId::String));
  GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr before, cast(value, text, facts));
  GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr after, cast(made, text, facts));
  if (before->text(0) == after->text(0)) return made;
  return query_error(QueryErrorCode::ArgumentOutOfBound, "Cannot convert value '" +
                                                             std::string(before->text(0)) +
                                                             "': it cannot be "
                                                             "represented as " +
                                                             name_of(type));
}

}  // namespace

absl::StatusOr<TablePtr> make_values(TableArguments arguments, QueryContext& context) {
  if (arguments.empty()) return wrong_count("values", "at least 1 argument");
  std::vector<TableColumn> columns;
  if (arguments.size() > 1 && arguments[0]->type == plain(TypeId::String)) {
    if (auto declared = parse_column_list(arguments[0]->text(0)); declared.ok()) {
      columns = *std::move(declared);
      arguments = arguments.subspan(1);
    }
  }
  if (columns.empty()) {
    GRAPEVINE_ASSIGN_OR_RETURN(columns, guess_columns(arguments));
  }
  std::vector<std::vector<ColumnPtr>> cells(columns.size());
  for (const ColumnPtr& row : arguments) {
    const std::vector<ColumnPtr> values = values_of(row);
    GRAPEVINE_RETURN_IF_ERROR(check_width(values.size(), row, columns.size()));
    for (std::size_t c = 0; c < values.size(); ++c) {
      GRAPEVINE_ASSIGN_OR_RETURN(cells[c].emplace_back(),
                                 converted(as_constant(values[c]), columns[c].type, context.facts));
    }
  }
  Block block{arguments.size(), {}};
  for (std::size_t c = 0; c < columns.size(); ++c) {
    block.columns.push_back(concatenate(columns[c].type, cells[c]));
  }
  const auto make = [block](QueryContext&) -> absl::StatusOr<std::vector<Block>> {
    return std::vector<Block>{block};
  };
  return std::make_shared<MadeTable>(std::move(columns), make);
}

}  // namespace grapevine::sql
