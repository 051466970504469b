#include <algorithm>

#include "api/encode/formats/format_writer.hpp"
#include "api/sql/execute/query_context.hpp"
#include "api/sql/tables/catalog.hpp"
#include "api/sql/tables/system/fill.hpp"
#include "kernels/query/aggregate.hpp"
#include "kernels/query/type_names.hpp"

namespace grapevine::sql {

absl::Status fill_one(RowsBuilder& rows, QueryContext&) {
  rows.add({{"dummy", 0}});
  return absl::OkStatus();
}

absl::Status fill_functions(RowsBuilder& rows, QueryContext&) {
  const auto add = [&](const FunctionInfo& function, bool is_aggregate) {
    rows.add({{"name", function.name},
              {"is_aggregate", is_aggregate},
              {"case_insensitive", function.case_insensitive},
              {"alias_to", function.alias_to},
              {"origin", "System"}});
  };
  for (const FunctionInfo& function : scalar_functions()) add(function, false);
  for (const FunctionInfo& function : aggregate_functions()) add(function, true);
  return absl::OkStatus();
}

absl::Status fill_table_functions(RowsBuilder& rows, QueryContext&) {
  for (const TableFunctionInfo& function : all_table_functions()) {
    rows.add({{"name", function.name}, {"description", function.comment}, {"allow_readonly", 1}});
  }
  return absl::OkStatus();
}

absl::Status fill_formats(RowsBuilder& rows, QueryContext&) {
  for (const std::string_view name : output_formats()) {
    rows.add({{"name", name}, {"is_output", 1}, {"content_type", content_type_of(name)}});
  }
  return absl::OkStatus();
}

absl::Status fill_data_type_families(RowsBuilder& rows, QueryContext&) {
  for (const auto& [name, id] : kTypeNames) rows.add({{"name", name}});
  for (const std::string_view name : {"Array", "Tuple", "Nullable", "LowCardinality"}) {
    const bool known = std::any_of(kTypeNames.begin(), kTypeNames.end(),
                                   [&](const auto& type) { return type.first == name; });
    if (!known) rows.add({{"name", name}});
  }
  for (const TypeAlias& alias : kTypeAliases) {
    rows.add(
        {{"name", alias.name}, {"case_insensitive", 1}, {"alias_to", name_of(plain(alias.id))}});
  }
  return absl::OkStatus();
}

absl::Status fill_table_engines(RowsBuilder& rows, QueryContext&) {
  rows.add({{"name", "MergeTree"}, {"supports_sort_order", 1}, {"supports_deduplication", 1}});
  return absl::OkStatus();
}

absl::Status fill_users(RowsBuilder& rows, QueryContext& context) {
  rows.add({{"name", context.facts.user},
            {"id", "00000000-0000-0000-0000-000000000000"},
            {"storage", "grapevine"},
            {"host_ip", std::vector<std::string>{"::/0"}},
            {"default_roles_all", 1},
            {"default_database", "default"}});
  return absl::OkStatus();
}

absl::Status fill_build_options(RowsBuilder& rows, QueryContext& context) {
  rows.add(
      {{"name", "VERSION_FULL"}, {"value", "Grapevine, as ClickHouse " + context.facts.version}});
  rows.add({{"name", "VERSION_NAME"}, {"value", "Grapevine"}});
  rows.add({{"name", "VERSION_STRING"}, {"value", context.facts.version}});
  return absl::OkStatus();
}

}  // namespace grapevine::sql
