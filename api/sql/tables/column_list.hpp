#pragma once

#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "api/sql/tables/table.hpp"

namespace grapevine::sql {

/// Reads "name String, rows Nullable(UInt64)", a column or more; a name may stand in backticks.
/// Errors  UnknownType (50), SyntaxError (62).
absl::StatusOr<std::vector<TableColumn>> parse_column_list(std::string_view text);

}  // namespace grapevine::sql
