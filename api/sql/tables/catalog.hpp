#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "api/sql/tables/table.hpp"

namespace grapevine::sql {

struct QueryContext;

/// A table as system.tables shows it.
struct TableInfo {
  std::string database;
  std::string name;
  std::string comment;
};
/// Every table of every database.
std::vector<TableInfo> all_tables();
/// The databases, by name.
std::vector<std::string_view> all_databases();

/// The table of that name in a database (empty: the session's).
/// Errors  UnknownDatabase (81), UnknownTable (60): with the nearest name.
absl::StatusOr<TablePtr> find_table(std::string_view database, std::string_view name,
                                    QueryContext& context);

/// A function of tables, such as numbers(10), of constant arguments.
/// Errors  UnknownFunction (46), 42, 43, BadArguments (36).
absl::StatusOr<TablePtr> make_table(std::string_view function, std::span<const ColumnPtr> arguments,
                                    QueryContext& context);

}  // namespace grapevine::sql
