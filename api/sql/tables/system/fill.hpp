#pragma once

#include <absl/status/status.h>

#include "api/sql/tables/rows_builder.hpp"

namespace grapevine::sql {

struct QueryContext;

// The rows of the tables of `system`, a function each. None of them fails but where it says so.

absl::Status fill_one(RowsBuilder& rows, QueryContext& context);
absl::Status fill_databases(RowsBuilder& rows, QueryContext& context);
absl::Status fill_tables(RowsBuilder& rows, QueryContext& context);
absl::Status fill_columns(RowsBuilder& rows, QueryContext& context);
absl::Status fill_functions(RowsBuilder& rows, QueryContext& context);
absl::Status fill_table_functions(RowsBuilder& rows, QueryContext& context);
absl::Status fill_settings(RowsBuilder& rows, QueryContext& context);
absl::Status fill_formats(RowsBuilder& rows, QueryContext& context);
absl::Status fill_processes(RowsBuilder& rows, QueryContext& context);
absl::Status fill_time_zones(RowsBuilder& rows, QueryContext& context);
absl::Status fill_build_options(RowsBuilder& rows, QueryContext& context);
absl::Status fill_data_type_families(RowsBuilder& rows, QueryContext& context);
absl::Status fill_table_engines(RowsBuilder& rows, QueryContext& context);
absl::Status fill_users(RowsBuilder& rows, QueryContext& context);

// The same of INFORMATION_SCHEMA.

absl::Status fill_schemata(RowsBuilder& rows, QueryContext& context);
absl::Status fill_schema_tables(RowsBuilder& rows, QueryContext& context);
absl::Status fill_schema_columns(RowsBuilder& rows, QueryContext& context);
absl::Status fill_key_column_usage(RowsBuilder& rows, QueryContext& context);
absl::Status fill_character_sets(RowsBuilder& rows, QueryContext& context);
absl::Status fill_collations(RowsBuilder& rows, QueryContext& context);
absl::Status fill_engines(RowsBuilder& rows, QueryContext& context);

}  // namespace grapevine::sql
