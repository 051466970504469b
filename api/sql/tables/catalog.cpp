#include "api/sql/tables/catalog.hpp"

#include <algorithm>
#include <functional>

#include "api/parse/nearest_name.hpp"
#include "api/sql/execute/query_context.hpp"
#include "api/sql/tables/customer_table.hpp"
#include "api/sql/tables/event_table.hpp"
#include "api/sql/tables/number_table.hpp"
#include "kernels/query/query_error.hpp"

namespace grapevine::sql {
namespace {

using Open = TablePtr (*)(QueryContext& context);

struct KnownTable {
  std::string_view database;
  std::string_view name;
  std::string_view comment;
  Open open;
};

TablePtr one_table() {
  return std::make_shared<MadeTable>(
      std::vector<TableColumn>{{"dummy", plain(TypeId::UInt8)}},
      [](QueryContext&) -> absl::StatusOr<std::vector<Block>> {
        return std::vector<Block>{{1, {constant_fixed<std::uint8_t>(plain(TypeId::UInt8), 0)}}};
      });
}

const KnownTable kTables[] = {
    {"default", "events", "What customers did and said: a row an event",
     [](QueryContext& context) -> TablePtr {
       return std::make_shared<EventTable>(*context.snapshot);
     }},
    {"default", "customers", "A row a person, with attributes",
     [](QueryContext& context) -> TablePtr { return std::make_shared<CustomersTable>(context); }},
    {"system", "numbers", "The numbers from 0 on",
     [](QueryContext&) { return number_table(0, kAllNumbers); }},
    {"system", "one", "One row", [](QueryContext&) { return one_table(); }},
};

constexpr std::string_view kDatabases[] = {"INFORMATION_SCHEMA", "default", "information_schema",
                                           "system"};

bool is_database(std::string_view name) {
  return std::find(std::begin(kDatabases), std::end(kDatabases), name) != std::end(kDatabases);
}

}  // namespace

std::vector<TableInfo> all_tables() {
  std::vector<TableInfo> tables;
  for (const KnownTable& table : kTables) {
    tables.push_back(
        {std::string(table.database), std::string(table.name), std::string(table.comment)});
  }
  return tables;
}

std::vector<std::string_view> all_databases() {
  return {std::begin(kDatabases), std::end(kDatabases)};
}

absl::StatusOr<TablePtr> find_table(std::string_view database, std::string_view name,
                                    QueryContext& context) {
  const std::string_view in =
      database.empty() ? std::string_view(context.facts.database) : database;
  if (!is_database(in)) {
    return query_error(QueryErrorCode::UnknownDatabase,
                       "Database " + std::string(in) + " does not exist");
  }
  std::vector<std::string_view> names;
  for (const KnownTable& table : kTables) {
    if (table.database != in) continue;
    if (table.name == name) return table.open(context);
    names.push_back(table.name);
  }
  return query_error(QueryErrorCode::UnknownTable,
                     "Unknown table expression identifier '" +
                         (database.empty() ? "" : std::string(database) + ".") + std::string(name) +
                         "': " + no_such("table", name, names));
}

absl::StatusOr<TablePtr> make_table(std::string_view function, std::span<const ColumnPtr> arguments,
                                    QueryContext& context) {
  static_cast<void>(context);
  if (function == "numbers" || function == "numbers_mt") {
    std::vector<std::uint64_t> values;
    for (const ColumnPtr& argument : arguments) {
      const auto number = cast(argument, plain(TypeId::UInt64), context.facts);
      if (!number.ok()) return number.status();
      values.push_back((*number)->fixed<std::uint64_t>()[0]);
    }
    if (values.empty()) return number_table(0, kAllNumbers);
    if (values.size() == 1) return number_table(0, values[0]);
    if (values.size() == 2) return number_table(values[0], values[1]);
    return query_error(QueryErrorCode::NumberOfArgumentsDoesntMatch,
                       "numbers takes a count, or the first number and a count");
  }
  if (function == "one") return one_table();
  return query_error(QueryErrorCode::UnknownFunction,
                     "Unknown table function " + std::string(function));
}

}  // namespace grapevine::sql
