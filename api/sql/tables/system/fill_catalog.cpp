#include "api/sql/execute/query_context.hpp"
#include "api/sql/parse/lexer.hpp"
#include "api/sql/tables/catalog.hpp"
#include "api/sql/tables/system/fill.hpp"
#include "api/sql/tables/system/type_precision.hpp"

namespace grapevine::sql {
namespace {

// Rather than NULL: clients leave out tables without one.
constexpr std::string_view kNoUuid = "00000000-0000-0000-0000-000000000000";

std::string joined(const std::vector<std::string_view>& names) {
  std::string text;
  for (const std::string_view name : names) {
    if (!text.empty()) text += ", ";
    text += name;
  }
  return text;
}

std::string full_engine(const TableInfo& table) {
  if (table.engine != "MergeTree") return std::string(table.engine);
  const std::string key = joined(table.sorting_key);
  if (key.empty()) return "MergeTree ORDER BY tuple()";
  return "MergeTree ORDER BY " + (table.sorting_key.size() > 1 ? "(" + key + ")" : key);
}

std::string create_text(const TableInfo& table, QueryContext& context) {
  std::string text =
      "CREATE TABLE " + std::string(table.database) + "." + std::string(table.name) + " (";
  const TablePtr opened = table.open(context);
  for (const TableColumn& column : opened->columns()) {
    if (text.back() != '(') text += ", ";
    text += quoted_name(column.name) + " " + name_of(column.type);
    if (!column.comment.empty()) text += " COMMENT " + quoted_literal(column.comment);
  }
  text += ") ENGINE = " + full_engine(table);
  if (!table.comment.empty()) text += " COMMENT " + quoted_literal(table.comment);
  return text;
}

bool has(const std::vector<std::string_view>& names, std::string_view name) {
  for (const std::string_view each : names) {
    if (each == name) return true;
  }
  return false;
}

}  // namespace

absl::Status fill_databases(RowsBuilder& rows, QueryContext&) {
  for (const std::string_view name : all_databases()) {
    const std::string_view engine = name == "default" ? "Atomic" : "Memory";
    rows.add({{"name", name}, {"engine", engine}, {"uuid", kNoUuid}, {"engine_full", engine}});
  }
  return absl::OkStatus();
}

absl::Status fill_tables(RowsBuilder& rows, QueryContext& context) {
  for (const TableInfo& table : all_tables()) {
    const auto count = rows_of_table(table, context);
    const std::string key = joined(table.sorting_key);
    // Columns come with the data: whoever keeps them shall look again.
    const auto now_s = context.facts.now_ns / 1'000'000'000;
    rows.add({{"database", table.database},
              {"name", table.name},
              {"uuid", kNoUuid},
              {"engine", table.engine},
              {"metadata_modification_time", table.database == "default" ? now_s : 0},
              {"create_table_query", create_text(table, context)},
              {"engine_full", full_engine(table)},
              {"sorting_key", key},
              {"primary_key", key},
              {"total_rows", count ? Cell(*count) : Cell()},
              {"comment", table.comment},
              {"has_own_data", table.database == "default"},
              {"table", table.name}});
  }
  return absl::OkStatus();
}

absl::Status fill_columns(RowsBuilder& rows, QueryContext& context) {
  for (const TableInfo& table : all_tables()) {
    std::size_t position = 0;
    const TablePtr opened = table.open(context);
    for (const TableColumn& column : opened->columns()) {
      const TypePrecision precision = precision_of(column.type);
      const bool is_key = has(table.sorting_key, column.name);
      rows.add({{"database", table.database},
                {"table", table.name},
                {"name", column.name},
                {"type", name_of(column.type)},
                {"position", ++position},
                {"comment", column.comment},
                {"is_in_sorting_key", is_key},
                {"is_in_primary_key", is_key},
                {"numeric_precision", precision.number},
                {"numeric_precision_radix", precision.radix},
                {"numeric_scale", precision.scale},
                {"datetime_precision", precision.time}});
    }
  }
  return absl::OkStatus();
}

}  // namespace grapevine::sql
