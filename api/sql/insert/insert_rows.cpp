#include "api/sql/insert/insert_rows.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "api/collect/rejection.hpp"
#include "api/encode/formats/format_writer.hpp"
#include "api/parse/nearest_name.hpp"
#include "api/sql/insert/insert_source.hpp"
#include "api/sql/insert/row_inserter.hpp"
#include "api/sql/tables/catalog.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine::sql {
namespace {

using ReadRows = absl::Status (*)(const InsertSource&, const InsertColumns&, RowInserter&);

struct InputFormat {
  std::string_view name;
  ReadRows read;
  InsertHeader header = InsertHeader::None;
};

constexpr InsertHeader kNames = InsertHeader::Names;
constexpr InsertHeader kTypes = InsertHeader::NamesAndTypes;
constexpr InputFormat kInputFormats[] = {
    {"JSONEachRow", insert_json_objects},
    {"JSONLines", insert_json_objects},
    {"NDJSON", insert_json_objects},
    {"JSONCompactEachRow", insert_json_arrays},
    {"JSONCompactEachRowWithNames", insert_json_arrays, kNames},
    {"JSONCompactEachRowWithNamesAndTypes", insert_json_arrays, kTypes},
    {"CSV", insert_csv},
    {"CSVWithNames", insert_csv, kNames},
    {"CSVWithNamesAndTypes", insert_csv, kTypes},
    {"TabSeparated", insert_tab_separated},
    {"TSV", insert_tab_separated},
    {"TabSeparatedWithNames", insert_tab_separated, kNames},
    {"TSVWithNames", insert_tab_separated, kNames},
    {"TabSeparatedWithNamesAndTypes", insert_tab_separated, kTypes},
    {"TSVWithNamesAndTypes", insert_tab_separated, kTypes},
    {"Values", insert_values},
};

absl::StatusOr<const InputFormat*> find_format(std::string_view name) {
  const auto* found = std::find_if(std::begin(kInputFormats), std::end(kInputFormats),
                                   [name](const InputFormat& each) { return each.name == name; });
  if (found != std::end(kInputFormats)) return found;
  if (is_output_format(name)) {
    return query_error(QueryErrorCode::UnknownFormat,
                       fmt::format("Format {} is not suitable for input", name));
  }
  std::vector<std::string_view> known;
  for (const InputFormat& each : kInputFormats) known.push_back(each.name);
  return query_error(QueryErrorCode::UnknownFormat, no_such("format", name, known));
}

absl::StatusOr<InsertTable> find_insert_table(const Statement& statement,
                                              const SessionFacts& facts) {
  const std::string& name = statement.table.back();
  const std::string& database =
      statement.table.size() > 1 ? statement.table.front() : facts.database;
  const auto databases = all_databases();
  if (std::find(databases.begin(), databases.end(), database) == databases.end()) {
    return query_error(QueryErrorCode::UnknownDatabase, no_such("database", database, databases));
  }
  if (database == "default" && name == "events") return InsertTable::Events;
  if (database == "default" && name == "customers") return InsertTable::Customers;
  std::vector<std::string_view> names;
  const auto tables = all_tables();
  for (const TableInfo& table : tables) {
    if (table.database != database) continue;
    if (table.name == name) {
      return query_error(QueryErrorCode::NotImplemented,
                         fmt::format("Table {}.{} is read-only: rows are inserted into events and "
                                     "customers",
                                     database, name));
    }
    names.push_back(table.name);
  }
  return query_error(QueryErrorCode::UnknownTable, no_such("table", name, names));
}

// Stores batch after batch. What the store refuses of one that it takes (rows over a limit of the
// store, or of people who were erased) is only known then.
absl::Status store_all(std::vector<std::unique_ptr<Batch>> batches, Store& store) {
  std::uint64_t stored = 0;
  for (std::unique_ptr<Batch>& batch : batches) {
    const std::size_t rows = batch->events.size() + batch->traits.size();
    auto appended = store.append(std::move(*batch));
    if (!appended.ok() && stored == 0) return appended.status();
    if (!appended.ok()) {
      return query_error(
          query_error_code(appended.status()),
          fmt::format("{} (the first {} rows are stored)", detail_of(appended.status()), stored));
    }
    stored += rows;
    if (appended->refused.empty()) continue;
    const RefusedRow& first = appended->refused.front();
    return at_row(query_error(QueryErrorCode::IncorrectData,
                              fmt::format("{} rows were refused, the others of the first {} are "
                                          "stored: {}",
                                          appended->refused.size(), stored, first.detail)),
                  std::uint64_t{first.source} + 1);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<InsertedRows> insert_rows(const Statement& statement, std::string_view data,
                                         const SessionFacts& facts, const Fields& settings,
                                         const Context& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(const InsertTable table, find_insert_table(statement, facts));
  if (statement.query != nullptr) {
    return query_error(QueryErrorCode::NotImplemented, "INSERT ... SELECT is not supported");
  }
  GRAPEVINE_ASSIGN_OR_RETURN(
      const InputFormat* format,
      find_format(statement.values || statement.format.empty() ? "Values" : statement.format));
  GRAPEVINE_ASSIGN_OR_RETURN(const FormatSettings looks, format_settings(facts, settings));
  const std::string* skip = find_field(settings, "input_format_skip_unknown_fields");
  const bool skip_unknown = skip != nullptr && (*skip == "1" || *skip == "true");
  const bool is_csv = format->read == insert_csv;
  const InsertSource source{.data = data,
                            .header = format->header,
                            .names = statement.columns,
                            .delimiter = looks.csv_delimiter.front(),
                            .null = is_csv ? looks.null_csv : looks.null_tsv,
                            .skip_unknown = skip_unknown,
                            .stop = context.stop};
  const InsertColumns columns(table, context.store.snapshot(), skip_unknown);
  RowInserter rows(table, facts.timezone, context.now_ms);
  GRAPEVINE_RETURN_IF_ERROR(format->read(source, columns, rows));
  const InsertedRows inserted{.rows = rows.rows(), .bytes = data.size()};
  GRAPEVINE_RETURN_IF_ERROR(store_all(std::move(rows).take(), context.store));
  return inserted;
}

}  // namespace grapevine::sql
