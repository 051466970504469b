#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/parse/json_value.hpp"

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
  bool has_texts = false;  ///< Also told as NDJSON and CSV.
  /// Where the answer's `by` names a dimension that has no column, it gets one of texts behind so many
  /// columns: every attribute of a customer may be one. 0: the answer has no `by`.
  std::size_t columns_before_by = 0;
};

/// The rows of a list as an Arrow stream, out of the answer that has them as JSON. What stands beside
/// them becomes headers: X-Grapevine-Next-Cursor, -Snapshot, -Graph-Snapshot, -As-Of; -Warnings says how
/// many there are.
/// Errors  Unprocessable: the answer has no such list.
/// Cost    the answer is read back: for lists of some thousand rows.
absl::StatusOr<Response> arrow_of_list(const Response& answer, const ListedRows& rows);

/// The same as NDJSON, a row of the JSON a line; and as CSV with a header (RFC 4180): a member of an object
/// is a column of its own, `previous.mentions`, a list is its JSON text, null is empty.
absl::StatusOr<Response> ndjson_of_list(const Response& answer, const ListedRows& rows);
absl::StatusOr<Response> csv_of_list(const Response& answer, const ListedRows& rows);

/// A list that an answer has, read back, and what stands beside it as headers.
struct ReadList {
  JsonArray rows;
  std::vector<std::string> by;
  Fields headers;
};
absl::StatusOr<ReadList> read_list(const Response& answer, std::string_view list);

/// The columns of such a list, with those that only this answer has; their names are those of `list`.
std::vector<ListedColumn> columns_of(const ListedRows& rows, const ReadList& list);

/// A member of an object; nullptr: it has none, or is none.
const JsonValue* member_of(const JsonValue* value, std::string_view name);

}  // namespace grapevine
