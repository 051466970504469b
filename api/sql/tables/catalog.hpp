#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "api/sql/tables/table.hpp"

namespace grapevine::sql {

struct QueryContext;

/// A table that queries may name.
struct TableInfo {
  std::string_view database;
  std::string name;
  std::string_view comment;
  std::string engine;                         ///< As clients know them: "MergeTree", "View".
  std::vector<std::string_view> sorting_key;  ///< Columns in whose order it is kept.
  std::function<TablePtr(QueryContext&)> open;
};
/// Every table of every database, by database and name.
const std::vector<TableInfo>& all_tables();
/// The databases, by name.
std::vector<std::string_view> all_databases();
/// How many rows a table has, where that is known without reading it.
std::optional<std::uint64_t> rows_of_table(const TableInfo& table, const QueryContext& context);

/// The table of that name in a database (empty: the session's).
/// Errors  UnknownDatabase (81), UnknownTable (60): with the nearest name.
absl::StatusOr<TablePtr> find_table(std::string_view database, std::string_view name,
                                    QueryContext& context);

struct TableFunctionInfo {
  std::string_view name;
  std::string_view comment;
};
/// The functions that make tables.
std::vector<TableFunctionInfo> all_table_functions();

/// A function of tables, such as numbers(10), of constant arguments.
/// Errors  UnknownFunction (46), 42, 43, BadArguments (36).
absl::StatusOr<TablePtr> make_table(std::string_view function, std::span<const ColumnPtr> arguments,
                                    QueryContext& context);

}  // namespace grapevine::sql
