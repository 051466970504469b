#include "api/sql/tables/catalog.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

#include <absl/strings/ascii.h>

#include "api/parse/nearest_name.hpp"
#include "api/plan/alert_document.hpp"
#include "api/sql/execute/query_context.hpp"
#include "api/sql/tables/customer_table.hpp"
#include "api/sql/tables/edge_table.hpp"
#include "api/sql/tables/event_table.hpp"
#include "api/sql/tables/influence_table.hpp"
#include "api/sql/tables/number_table.hpp"
#include "api/sql/tables/segment_changes_table.hpp"
#include "api/sql/tables/segment_table.hpp"
#include "api/sql/tables/system/system_tables.hpp"
#include "kernels/query/query_error.hpp"

namespace grapevine::sql {
namespace {

constexpr std::string_view kDatabases[] = {"INFORMATION_SCHEMA", "default", "information_schema",
                                           "system"};

bool is_database(std::string_view name) {
  return std::find(std::begin(kDatabases), std::end(kDatabases), name) != std::end(kDatabases);
}

// "time_zones" is a SystemTimeZones.
std::string system_engine(std::string_view name) {
  std::string engine = "System";
  bool begins = true;
  for (const char letter : name) {
    if (letter != '_')
      engine += begins ? absl::ascii_toupper(static_cast<unsigned char>(letter)) : letter;
    begins = letter == '_';
  }
  return engine;
}

std::string upper_case(std::string_view name) {
  std::string upper(name);
  absl::AsciiStrToUpper(&upper);
  return upper;
}

absl::Status fill_alerts(RowsBuilder& rows, QueryContext& context) {
  for (const AlertDocument& alert : all_alerts(*context.snapshot)) {
    const AlertSeries& series = alert.series;
    const AlertFigures& figures = alert.figures();
    const auto subject = [&](AlertSubject about) {
      const auto name = alert.subject(about);
      return name ? Cell(*name) : Cell();
    };
    rows.add({{"id", alert.id},
              {"ts", alert.ts},
              {"kind", "burst"},
              {"severity", name_of(alert.severity())},
              {"brand", subject(AlertSubject::Brand)},
              {"product_id", subject(AlertSubject::Product)},
              {"topic", subject(AlertSubject::Topic)},
              {"channel", series.channel ? Cell(*series.channel) : Cell()},
              {"since", alert.since},
              {"observed", static_cast<double>(figures.count)},
              {"expected", figures.expected},
              {"score", figures.score},
              {"status", name_of(alert.status())},
              {"sentiment", name_of(series.mood)},
              {"harm", figures.harm}});
  }
  return absl::OkStatus();
}

constexpr DeclaredTable kAlerts{
    "alerts", "Bursts of mentions that were told",
    "id UInt64, ts DateTime64(3), kind String, severity String, brand Nullable(String), product_id "
    "Nullable(String), topic Nullable(String), channel Nullable(String), since "
    "Nullable(DateTime64(3)), observed Nullable(Float64), expected Nullable(Float64), score "
    "Nullable(Float64), status String, sentiment String, harm UInt64",
    fill_alerts};

template <typename Kind>
TablePtr open_table(QueryContext&) {
  return std::make_shared<Kind>();
}

void add_default(std::vector<TableInfo>& tables) {
  const auto add = [&](std::string name, std::string_view comment,
                       std::vector<std::string_view> key, TablePtr (*open)(QueryContext&)) {
    tables.push_back({"default", std::move(name), comment, "MergeTree", std::move(key), open});
  };
  add("customers", "A row a person, with attributes", {"customer_id"},
      [](QueryContext& context) -> TablePtr { return std::make_shared<CustomersTable>(context); });
  add("events", "What customers did and said: a row an event", {"event", "customer_id", "ts"},
      [](QueryContext& context) -> TablePtr {
        return std::make_shared<EventTable>(*context.snapshot);
      });
  add("segments", "A row for each member of each stored segment", {}, open_table<SegmentTable>);
  add("segment_changes", "Who came into a stored segment and who left it, and when", {},
      open_table<SegmentChangesTable>);
  add("influence", "A row a person, with every score and label of influence", {},
      open_table<InfluenceTable>);
  add("edges", "Who listens to whom", {}, open_table<EdgeTable>);
  add(std::string(kAlerts.name), kAlerts.comment, {},
      [](QueryContext&) { return open_declared(kAlerts); });
}

void add_system(std::vector<TableInfo>& tables) {
  for (const DeclaredTable& table : system_tables()) {
    tables.push_back({"system",
                      std::string(table.name),
                      table.comment,
                      system_engine(table.name),
                      {},
                      [&table](QueryContext&) { return open_declared(table); }});
  }
  const auto add = [&](std::string name, std::string_view comment,
                       TablePtr (*open)(QueryContext&)) {
    tables.push_back({"system", name, comment, system_engine(name), {}, open});
  };
  add("numbers", "The numbers from 0 on",
      [](QueryContext&) { return number_table(0, kAllNumbers); });
  add("numbers_mt", "The numbers from 0 on",
      [](QueryContext&) { return number_table(0, kAllNumbers); });
  add("zeros", "Nothing but zeros", [](QueryContext&) { return zero_table(kAllNumbers); });
  add("zeros_mt", "Nothing but zeros", [](QueryContext&) { return zero_table(kAllNumbers); });
}

void add_information_schema(std::vector<TableInfo>& tables) {
  for (const std::string_view database : {"INFORMATION_SCHEMA", "information_schema"}) {
    for (const DeclaredTable& table : information_schema_tables()) {
      for (const bool upper : {true, false}) {
        tables.push_back({database,
                          upper ? upper_case(table.name) : std::string(table.name),
                          table.comment,
                          "View",
                          {},
                          [&table](QueryContext&) { return open_declared(table, true); }});
      }
    }
  }
}

}  // namespace

const std::vector<TableInfo>& all_tables() {
  static const std::vector<TableInfo> kTables = [] {
    std::vector<TableInfo> tables;
    add_default(tables);
    add_system(tables);
    add_information_schema(tables);
    std::sort(tables.begin(), tables.end(), [](const TableInfo& a, const TableInfo& b) {
      return std::tie(a.database, a.name) < std::tie(b.database, b.name);
    });
    return tables;
  }();
  return kTables;
}

std::vector<std::string_view> all_databases() {
  return {std::begin(kDatabases), std::end(kDatabases)};
}

std::optional<std::uint64_t> rows_of_table(const TableInfo& table, const QueryContext& context) {
  if (table.database != "default") return std::nullopt;
  if (table.name == "events") return context.snapshot->rows();
  if (table.name == "customers") return context.snapshot->customers().people();
  return std::nullopt;
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
  for (const TableInfo& table : all_tables()) {
    if (table.database != in) continue;
    if (table.name == name) return table.open(context);
    names.push_back(table.name);
  }
  return query_error(QueryErrorCode::UnknownTable,
                     "Unknown table expression identifier '" +
                         (database.empty() ? "" : std::string(database) + ".") + std::string(name) +
                         "': " + no_such("table", name, names));
}

}  // namespace grapevine::sql
