#include "api/sql/tables/declared_table.hpp"

#include <absl/strings/ascii.h>

#include "api/sql/execute/query_context.hpp"
#include "api/sql/tables/column_list.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {

TablePtr open_declared(const DeclaredTable& table, bool twice) {
  const std::vector<TableColumn> columns = *parse_column_list(table.columns);
  std::vector<TableColumn> shown = columns;
  if (twice) {
    for (TableColumn column : columns) {
      absl::AsciiStrToUpper(&column.name);
      shown.push_back(std::move(column));
    }
  }
  const auto make = [columns, fill = table.fill,
                     twice](QueryContext& context) -> absl::StatusOr<std::vector<Block>> {
    RowsBuilder rows(columns);
    if (fill != nullptr) GRAPEVINE_RETURN_IF_ERROR(fill(rows, context));
    Block block = std::move(rows).finish();
    if (twice) {
      const std::vector<ColumnPtr> once = block.columns;
      block.columns.insert(block.columns.end(), once.begin(), once.end());
    }
    return std::vector<Block>{std::move(block)};
  };
  return std::make_shared<MadeTable>(std::move(shown), make);
}

}  // namespace grapevine::sql
