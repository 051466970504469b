#pragma once

#include <span>
#include <string_view>

#include <absl/status/statusor.h>

#include "api/message.hpp"

namespace grapevine {

/// A member of the rows of a list, as a column.
struct ListedColumn {
  std::string_view member;
  /// As in SQL: "Nullable(UInt64)". "LowCardinality(String)": a dictionary. What is an object or an
  /// array where a String is wanted is its JSON text.
  std::string_view type;
};

/// A list that an answer has, as a table.
struct ListedRows {
  std::string_view list;  ///< The member of the answer that has the rows.
  std::span<const ListedColumn> columns;
};

/// The rows of a list as an Arrow stream, out of the answer that has them as JSON. What stands beside
/// them becomes headers: X-Grapevine-Next-Cursor, -Snapshot, -Graph-Snapshot, -As-Of.
/// Errors  Unprocessable: the answer has no such list.
/// Cost    the answer is read back: for lists of some thousand rows.
absl::StatusOr<Response> arrow_of_list(const Response& answer, const ListedRows& rows);

}  // namespace grapevine
