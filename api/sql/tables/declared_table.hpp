#pragma once

#include <string>
#include <string_view>

#include <absl/status/status.h>

#include "api/sql/tables/rows_builder.hpp"
#include "api/sql/tables/table.hpp"

namespace grapevine::sql {

struct QueryContext;

/// A small table whose rows are written out when somebody reads it.
struct DeclaredTable {
  using Fill = absl::Status (*)(RowsBuilder& rows, QueryContext& context);

  std::string_view name;
  std::string_view comment;
  std::string_view columns;  ///< "name String, position UInt64".
  Fill fill = nullptr;       ///< nullptr: it has no rows.
};

/// `twice`: each column once more with its name in capitals, as in INFORMATION_SCHEMA.
TablePtr open_declared(const DeclaredTable& table, bool twice = false);

}  // namespace grapevine::sql
