#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "api/sql/execute/query_context.hpp"
#include "api/sql/tables/system/fill.hpp"
#include "api/sql/tables/system/setting_values.hpp"

namespace grapevine::sql {
namespace {

struct KnownSetting {
  std::string_view name;
  std::string_view value;  ///< Its default.
  std::string_view type;
  std::string_view description;  ///< Empty: taken without a word, since it changes no value.
};

// What is honoured, then what clients look up before they send it: they refuse their user's
// settings that are not listed.
constexpr KnownSetting kSettings[] = {
    {"readonly", "0", "UInt64", "1: nothing is written"},
    {"max_execution_time", "0", "Seconds", "Beyond it a query fails; 0: the server's deadline"},
    {"max_result_rows", "0", "UInt64", "Rows that a result may have; 0: any number"},
    {"result_overflow_mode", "throw", "OverflowMode",
     "Beyond max_result_rows: throw an error, or break off"},
    {"join_use_nulls", "0", "Bool", "What an outer join misses is NULL, rather than the default"},
    {"max_memory_usage", "0", "UInt64",
     "Bytes that a query may hold; at most, and by default, 4 GiB"},
    {"limit", "0", "UInt64", "Rows that a result has at most; 0: any number"},
    {"offset", "0", "UInt64", "Rows of the result that are passed over"},
    {"session_timezone", "", "Timezone", "Of times without one; empty: the server's"},
    {"date_time_output_format", "simple", "DateTimeOutputFormat", "simple, iso or unix_timestamp"},
    {"output_format_json_quote_64bit_integers", "0", "Bool", "64-bit integers as strings"},
    {"output_format_json_quote_denormals", "0", "Bool", "inf and nan as strings, rather than null"},
    {"output_format_json_escape_forward_slashes", "1", "Bool", "/ as \\/"},
    {"format_csv_delimiter", ",", "Char", "What stands between values"},
    {"format_tsv_null_representation", "\\N", "String", "How NULL is written"},
    {"format_csv_null_representation", "\\N", "String", "How NULL is written"},
    {"output_format_pretty_max_rows", "1000", "UInt64", "Rows that Pretty formats show"},
    {"enable_http_compression", "0", "Bool", "Answers may be compressed, as Accept-Encoding says"},
    {"send_progress_in_http_headers", "0", "Bool", "X-ClickHouse-Progress while a query runs"},
    {"http_headers_progress_interval_ms", "100", "UInt64", "How often"},
    {"wait_end_of_query", "0", "Bool", "The answer begins when it is whole"},
    {"default_format", "", "String", "Of a query that names none"},
    {"add_http_cors_header", "0", "Bool", ""},
    {"async_insert", "0", "Bool", ""},
    {"cancel_http_readonly_queries_on_client_close", "1", "Bool", ""},
    {"connect_timeout", "10", "Seconds", ""},
    {"date_time_input_format", "basic", "DateTimeInputFormat", ""},
    {"http_receive_timeout", "30", "Seconds", ""},
    {"http_response_buffer_size", "0", "UInt64", ""},
    {"http_send_timeout", "30", "Seconds", ""},
    {"http_write_exception_in_output_format", "0", "Bool", ""},
    {"http_zlib_compression_level", "3", "Int64", ""},
    {"input_format_null_as_default", "1", "Bool", ""},
    {"input_format_skip_unknown_fields", "1", "Bool", ""},
    {"insert_deduplicate", "1", "Bool", ""},
    {"log_comment", "", "String", ""},
    {"log_queries", "1", "Bool", ""},
    {"max_block_size", "16384", "NonZeroUInt64", ""},
    {"max_insert_block_size", "1048449", "NonZeroUInt64", ""},
    {"max_query_size", "262144", "UInt64", ""},
    {"max_threads", "auto", "MaxThreads", ""},
    {"output_format_arrow_compression_method", "none", "ArrowCompression", ""},
    {"output_format_arrow_string_as_string", "1", "Bool", ""},
    {"output_format_write_statistics", "1", "Bool", ""},
    {"prefer_column_name_to_alias", "0", "Bool", ""},
    {"priority", "0", "UInt64", ""},
    {"receive_timeout", "300", "Seconds", ""},
    {"select_sequential_consistency", "0", "UInt64", ""},
    {"send_timeout", "300", "Seconds", ""},
    {"timeout_overflow_mode", "throw", "OverflowMode", ""},
    {"use_query_cache", "0", "Bool", ""},
    {"wait_for_async_insert", "1", "Bool", ""},
};

// What a setting is for this query.
std::string value_of(const KnownSetting& setting, const QuerySettings& asked) {
  const std::string_view name = setting.name;
  if (name == "readonly") return asked.read_only ? "1" : "0";
  if (name == "max_execution_time") return fmt::format("{}", asked.max_execution_time_s);
  if (name == "max_result_rows") return std::to_string(asked.max_result_rows);
  if (name == "result_overflow_mode") return asked.result_overflow_break ? "break" : "throw";
  if (name == "join_use_nulls") return asked.join_use_nulls ? "1" : "0";
  if (name == "limit") return std::to_string(asked.limit);
  if (name == "offset") return std::to_string(asked.offset);
  if (name == "session_timezone") return asked.session_timezone;
  if (name == "max_memory_usage" && asked.max_memory_usage != QuerySettings::kMemoryMax) {
    return std::to_string(asked.max_memory_usage);
  }
  return std::string(setting.value);
}

}  // namespace

std::optional<SettingValue> value_of_setting(std::string_view name, const QueryContext& context) {
  for (const KnownSetting& setting : kSettings) {
    if (setting.name != name) continue;
    // As many as the machine has: what is said is a number.
    if (name == "max_threads") return SettingValue{"1", "UInt64"};
    return SettingValue{value_of(setting, context.settings), setting.type};
  }
  return std::nullopt;
}

absl::Status fill_settings(RowsBuilder& rows, QueryContext& context) {
  for (const KnownSetting& setting : kSettings) {
    const std::string value = value_of(setting, context.settings);
    rows.add({{"name", setting.name},
              {"value", value},
              {"changed", value != setting.value},
              {"description", setting.description},
              {"type", setting.type},
              {"default", setting.value},
              {"tier", "Production"}});
  }
  return absl::OkStatus();
}

}  // namespace grapevine::sql
