#include "api/sql/tables/system/system_tables.hpp"

#include "api/sql/tables/system/fill.hpp"

namespace grapevine::sql {
namespace {

// Columns by the names and in the order of ClickHouse 25.8. What is an Enum, a UUID or a Map there
// is a String here.
constexpr DeclaredTable kTables[] = {
    {"one", "One row", "dummy UInt8", fill_one},
    {"databases", "The databases",
     "name String, engine String, data_path String, metadata_path String, uuid String, engine_full "
     "String, comment String, is_external UInt8",
     fill_databases},
    {"tables", "The tables of all databases",
     "database String, name String, uuid String, engine String, is_temporary UInt8, data_paths "
     "Array(String), metadata_path String, metadata_modification_time DateTime, metadata_version "
     "Int32, dependencies_database Array(String), dependencies_table Array(String), "
     "create_table_query String, engine_full String, as_select String, partition_key String, "
     "sorting_key String, primary_key String, sampling_key String, storage_policy String, "
     "total_rows "
     "Nullable(UInt64), total_bytes Nullable(UInt64), total_bytes_uncompressed Nullable(UInt64), "
     "parts Nullable(UInt64), active_parts Nullable(UInt64), total_marks Nullable(UInt64), "
     "lifetime_rows Nullable(UInt64), lifetime_bytes Nullable(UInt64), comment String, "
     "has_own_data "
     "UInt8, loading_dependencies_database Array(String), loading_dependencies_table "
     "Array(String), "
     "loading_dependent_database Array(String), loading_dependent_table Array(String), definer "
     "String, table String",
     fill_tables},
    {"columns", "The columns of all tables",
     "database String, table String, name String, type String, position UInt64, default_kind "
     "String, "
     "default_expression String, data_compressed_bytes UInt64, data_uncompressed_bytes UInt64, "
     "marks_bytes UInt64, comment String, is_in_partition_key UInt8, is_in_sorting_key UInt8, "
     "is_in_primary_key UInt8, is_in_sampling_key UInt8, compression_codec String, "
     "character_octet_length Nullable(UInt64), numeric_precision Nullable(UInt64), "
     "numeric_precision_radix Nullable(UInt64), numeric_scale Nullable(UInt64), datetime_precision "
     "Nullable(UInt64), serialization_hint Nullable(String)",
     fill_columns},
    {"functions", "The functions that queries may call",
     "name String, is_aggregate UInt8, case_insensitive UInt8, alias_to String, create_query "
     "String, "
     "origin String, description String, syntax String, arguments String, parameters String, "
     "returned_value String, examples String, introduced_in String, categories String",
     fill_functions},
    {"table_functions", "The functions that may stand after FROM",
     "name String, description String, allow_readonly UInt8", fill_table_functions},
    {"settings", "The settings that a query may have; others are passed over",
     "name String, value String, changed UInt8, description String, min Nullable(String), max "
     "Nullable(String), disallowed_values Array(String), readonly UInt8, type String, default "
     "String, "
     "alias_for String, is_obsolete UInt8, tier String",
     fill_settings},
    {"formats", "The formats of answers and of inserted rows",
     "name String, is_input UInt8, is_output UInt8, supports_parallel_parsing UInt8, "
     "supports_parallel_formatting UInt8, content_type String",
     fill_formats},
    {"processes", "The queries that are being answered",
     "is_initial_query UInt8, user String, query_id String, address String, port UInt16, "
     "initial_user String, initial_query_id String, interface UInt8, http_method UInt8, "
     "http_user_agent String, elapsed Float64, is_cancelled UInt8, is_all_data_sent UInt8, "
     "read_rows "
     "UInt64, read_bytes UInt64, total_rows_approx UInt64, written_rows UInt64, written_bytes "
     "UInt64, "
     "memory_usage Int64, peak_memory_usage Int64, query String, normalized_query_hash UInt64, "
     "query_kind String, current_database String",
     fill_processes},
    {"time_zones", "The time zones by name", "time_zone String", fill_time_zones},
    {"build_options", "How the server was built", "name String, value String", fill_build_options},
    {"data_type_families", "The types by all of their names",
     "name String, case_insensitive UInt8, alias_to String", fill_data_type_families},
    {"table_engines", "What tables are kept as",
     "name String, supports_settings UInt8, supports_skipping_indices UInt8, supports_projections "
     "UInt8, supports_sort_order UInt8, supports_ttl UInt8, supports_replication UInt8, "
     "supports_deduplication UInt8, supports_parallel_insert UInt8",
     fill_table_engines},
    {"users", "Whoever asks",
     "name String, id String, storage String, auth_type Array(String), auth_params Array(String), "
     "host_ip Array(String), host_names Array(String), host_names_regexp Array(String), "
     "host_names_like Array(String), default_roles_all UInt8, default_roles_list Array(String), "
     "default_roles_except Array(String), grantees_any UInt8, grantees_list Array(String), "
     "grantees_except Array(String), default_database String",
     fill_users},
    {"clusters", "Empty: there is one server",
     "cluster String, shard_num UInt32, shard_name String, shard_weight UInt32, "
     "internal_replication "
     "UInt8, replica_num UInt32, host_name String, host_address String, port UInt16, is_local "
     "UInt8, "
     "user String, default_database String, errors_count UInt32, slowdowns_count UInt32, "
     "estimated_recovery_time UInt32, database_shard_name String, database_replica_name String, "
     "is_active Nullable(UInt8)"},
    {"dictionaries", "Empty: there are none",
     "database String, name String, uuid String, status String, origin String, type String, "
     "key.names "
     "Array(String), key.types Array(String), attribute.names Array(String), attribute.types "
     "Array(String), bytes_allocated UInt64, query_count UInt64, hit_rate Float64, found_rate "
     "Float64, element_count UInt64, load_factor Float64, source String, lifetime_min UInt64, "
     "lifetime_max UInt64, loading_start_time DateTime, last_successful_update_time DateTime, "
     "loading_duration Float32, last_exception String, comment String"},
    {"replicas", "Empty: there is one server",
     "database String, table String, engine String, is_leader UInt8, can_become_leader UInt8, "
     "is_readonly UInt8, is_session_expired UInt8, zookeeper_path String, replica_name String, "
     "replica_path String, queue_size UInt32, absolute_delay UInt64, total_replicas UInt32, "
     "active_replicas UInt32"},
    {"mutations", "Empty: events do not change",
     "database String, table String, mutation_id String, command String, create_time DateTime, "
     "parts_to_do_names Array(String), parts_to_do Int64, is_done UInt8, is_killed UInt8, "
     "latest_failed_part String, latest_fail_time DateTime, latest_fail_reason String"},
    {"merges", "Empty: parts are merged on their own",
     "database String, table String, elapsed Float64, progress Float64, num_parts UInt64, "
     "result_part_name String, is_mutation UInt8, rows_read UInt64, rows_written UInt64"},
    {"data_skipping_indices", "Empty: every column has the ranges of its runs",
     "database String, table String, name String, type String, type_full String, expr String, "
     "granularity UInt64, data_compressed_bytes UInt64, data_uncompressed_bytes UInt64, "
     "marks_bytes "
     "UInt64"},
    {"projections", "Empty: there are none",
     "database String, table String, name String, type String, sorting_key Array(String), query "
     "String"},
    {"view_refreshes", "Empty: nothing is refreshed by the clock",
     "database String, view String, uuid String, status String, last_success_time "
     "Nullable(DateTime), last_refresh_time Nullable(DateTime), next_refresh_time "
     "Nullable(DateTime), exception String, retry UInt64"},
    {"disks", "Empty: see /v1/stats for what is kept where",
     "name String, path String, free_space UInt64, total_space UInt64, unreserved_space UInt64, "
     "keep_free_space UInt64, type String"},
    {"macros", "Empty: there are none", "macro String, substitution String"},
    {"roles", "Empty: access is by API key", "name String, id String, storage String"},
    {"current_roles", "Empty: access is by API key",
     "role_name String, with_admin_option UInt8, is_default UInt8"},
    {"enabled_roles", "Empty: access is by API key",
     "role_name String, with_admin_option UInt8, is_current UInt8, is_default UInt8"},
    {"grants", "Empty: access is by API key",
     "user_name Nullable(String), role_name Nullable(String), access_type String, database "
     "Nullable(String), table Nullable(String), column Nullable(String), is_partial_revoke UInt8, "
     "grant_option UInt8"},
    {"settings_profiles", "Empty: there are none",
     "name String, id String, storage String, num_elements UInt64, apply_to_all UInt8, "
     "apply_to_list "
     "Array(String), apply_to_except Array(String)"},
    {"quotas", "Empty: there are none", "name String, id String, storage String"},
    {"row_policies", "Empty: there are none",
     "name String, short_name String, database String, table String, id String, storage String"},
};

}  // namespace

std::span<const DeclaredTable> system_tables() { return kTables; }

}  // namespace grapevine::sql
