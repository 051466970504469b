#include "api/sql/execute/query_context.hpp"
#include "api/sql/tables/catalog.hpp"
#include "api/sql/tables/system/fill.hpp"
#include "api/sql/tables/system/system_tables.hpp"
#include "api/sql/tables/system/type_precision.hpp"

namespace grapevine::sql {
namespace {

constexpr std::string_view kCollation = "utf8mb4_0900_ai_ci";

// As ClickHouse's; each column stands there once more in capitals.
constexpr DeclaredTable kTables[] = {
    {"schemata", "The databases",
     "catalog_name String, schema_name String, schema_owner String, default_character_set_catalog "
     "Nullable(String), default_character_set_schema Nullable(String), default_character_set_name "
     "Nullable(String), sql_path Nullable(String)",
     fill_schemata},
    {"tables", "The tables of all databases",
     "table_catalog String, table_schema String, table_name String, table_type String, table_rows "
     "Nullable(UInt64), data_length Nullable(UInt64), index_length Nullable(UInt64), "
     "table_collation "
     "Nullable(String), table_comment Nullable(String)",
     fill_schema_tables},
    {"columns", "The columns of all tables",
     "table_catalog String, table_schema String, table_name String, column_name String, "
     "ordinal_position UInt64, column_default String, is_nullable String, data_type String, "
     "character_maximum_length Nullable(UInt64), character_octet_length Nullable(UInt64), "
     "numeric_precision Nullable(UInt64), numeric_precision_radix Nullable(UInt64), numeric_scale "
     "Nullable(UInt64), datetime_precision Nullable(UInt64), character_set_catalog "
     "Nullable(String), character_set_schema Nullable(String), character_set_name "
     "Nullable(String), "
     "collation_catalog Nullable(String), collation_schema Nullable(String), collation_name "
     "Nullable(String), domain_catalog Nullable(String), domain_schema Nullable(String), "
     "domain_name "
     "Nullable(String), extra Nullable(String), column_comment String, column_type String",
     fill_schema_columns},
    {"key_column_usage", "The columns of primary keys",
     "constraint_catalog String, constraint_schema String, constraint_name Nullable(String), "
     "table_catalog String, table_schema String, table_name String, column_name Nullable(String), "
     "ordinal_position UInt32, position_in_unique_constraint Nullable(UInt32), "
     "referenced_table_schema Nullable(String), referenced_table_name Nullable(String), "
     "referenced_column_name Nullable(String)",
     fill_key_column_usage},
    {"referential_constraints", "Empty: there are none",
     "constraint_catalog String, constraint_schema String, constraint_name Nullable(String), "
     "unique_constraint_catalog String, unique_constraint_schema String, unique_constraint_name "
     "Nullable(String), match_option String, update_rule String, delete_rule String, table_name "
     "String, referenced_table_name String"},
    {"statistics", "Empty: there are no indices",
     "table_catalog String, table_schema String, table_name String, non_unique Int32, index_schema "
     "String, index_name Nullable(String), seq_in_index UInt32, column_name Nullable(String), "
     "collation Nullable(String), cardinality Nullable(Int64), sub_part Nullable(Int64), packed "
     "Nullable(String), nullable String, index_type String, comment String, index_comment String, "
     "is_visible String, expression Nullable(String)"},
    {"views", "Empty: there are none",
     "table_catalog String, table_schema String, table_name String, view_definition String, "
     "check_option String, is_updatable String, is_insertable_into String, is_trigger_updatable "
     "String, is_trigger_deletable String, is_trigger_insertable_into String"},
    {"character_sets", "Texts are bytes, UTF-8 as a rule", "character_set_name String",
     fill_character_sets},
    {"collations", "Texts are compared byte by byte", "collation_name String", fill_collations},
    {"engines", "What tables are kept as", "engine String, support String", fill_engines},
};

std::string_view table_type(const TableInfo& table) {
  if (table.engine == "View") return "VIEW";
  return table.database == "system" ? "SYSTEM VIEW" : "BASE TABLE";
}

}  // namespace

std::span<const DeclaredTable> information_schema_tables() { return kTables; }

absl::Status fill_schemata(RowsBuilder& rows, QueryContext&) {
  for (const std::string_view name : all_databases()) {
    rows.add({{"catalog_name", name}, {"schema_name", name}, {"schema_owner", "default"}});
  }
  return absl::OkStatus();
}

absl::Status fill_schema_tables(RowsBuilder& rows, QueryContext& context) {
  for (const TableInfo& table : all_tables()) {
    const auto count = rows_of_table(table, context);
    rows.add({{"table_catalog", table.database},
              {"table_schema", table.database},
              {"table_name", table.name},
              {"table_type", table_type(table)},
              {"table_rows", count ? Cell(*count) : Cell()},
              {"index_length", 0},
              {"table_collation", kCollation},
              {"table_comment", table.comment}});
  }
  return absl::OkStatus();
}

absl::Status fill_schema_columns(RowsBuilder& rows, QueryContext& context) {
  for (const TableInfo& table : all_tables()) {
    std::size_t position = 0;
    const TablePtr opened = table.open(context);
    for (const TableColumn& column : opened->columns()) {
      const TypePrecision precision = precision_of(column.type);
      const std::string type = name_of(column.type);
      rows.add({{"table_catalog", table.database},
                {"table_schema", table.database},
                {"table_name", table.name},
                {"column_name", column.name},
                {"ordinal_position", ++position},
                {"is_nullable", column.type.nullable ? "1" : "0"},
                {"data_type", type},
                {"numeric_precision", precision.number},
                {"numeric_precision_radix", precision.radix},
                {"numeric_scale", precision.scale},
                {"datetime_precision", precision.time},
                {"extra", ""},
                {"column_comment", column.comment},
                {"column_type", type}});
    }
  }
  return absl::OkStatus();
}

absl::Status fill_key_column_usage(RowsBuilder& rows, QueryContext&) {
  for (const TableInfo& table : all_tables()) {
    for (const std::string_view column : table.sorting_key) {
      rows.add({{"constraint_catalog", "def"},
                {"constraint_schema", table.database},
                {"constraint_name", "PRIMARY"},
                {"table_catalog", "def"},
                {"table_schema", table.database},
                {"table_name", table.name},
                {"column_name", column},
                {"ordinal_position", 1}});
    }
  }
  return absl::OkStatus();
}

absl::Status fill_character_sets(RowsBuilder& rows, QueryContext&) {
  rows.add({{"character_set_name", "utf8mb4"}});
  return absl::OkStatus();
}

absl::Status fill_collations(RowsBuilder& rows, QueryContext&) {
  rows.add({{"collation_name", kCollation}});
  return absl::OkStatus();
}

absl::Status fill_engines(RowsBuilder& rows, QueryContext&) {
  rows.add({{"engine", "MergeTree"}, {"support", "DEFAULT"}});
  return absl::OkStatus();
}

}  // namespace grapevine::sql
