#include "api/ingest/csv_columns.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include <simdjson.h>

#include "api/collect/limits.hpp"
#include "api/collect/member_role.hpp"
#include "api/collect/rejection.hpp"
#include "api/error.hpp"
#include "api/parse/nearest_name.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

using Role = CsvColumn::Role;

absl::Status wrong_header(std::string_view detail) {
  return problem(ErrorCode::Malformed, "the CSV header: " + std::string(detail));
}

// Takes `prefix` off `name` where it has it.
bool take_prefix(std::string_view& name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return false;
  name.remove_prefix(prefix.size());
  return true;
}

CsvColumn column_of(std::string_view name, ImportTable table) {
  const auto is = [&](std::string_view a, std::string_view b) { return name == a || name == b; };
  const bool events = table == ImportTable::Events;
  if (is("ts", "timestamp")) return {Role::Time, {}, {}, true};
  if (is("customer_id", "user_id") || name == "userId") return {Role::UserId, {}, {}, true};
  if (is("anonymous_id", "anonymousId")) return {Role::AnonymousId, {}, {}, true};
  if (is("message_id", "messageId") || (events && name == "event_id")) {
    return {Role::MessageId, {}, {}, true};
  }
  if (!events) {
    take_prefix(name, "traits.");
    return {Role::Value, Family::Trait, std::string(name), false};
  }
  if (name == "event") return {Role::Event, {}, {}, true};
  const Family family = take_prefix(name, "context.") ? Family::Context : Family::Properties;
  take_prefix(name, "properties.");
  const CoreSlot slot = role_of(family, name).slot;
  return {Role::Value, family, std::string(name), slot != kNoSlot && !is_number_slot(slot)};
}

bool is_same(const CsvColumn& a, const CsvColumn& b) {
  return std::tie(a.role, a.family, a.name) == std::tie(b.role, b.family, b.name);
}

absl::Status check_name(std::string_view name) {
  if (name.empty()) return wrong_header("a name is empty");
  if (name.size() + std::string_view("properties.").size() > kColumnNameBytesMax) {
    return wrong_header("a name is too long: " + shown_name(name));
  }
  if (name.find('\0') != std::string_view::npos || !simdjson::validate_utf8(name)) {
    return wrong_header("a name is not UTF-8 text");
  }
  return absl::OkStatus();
}

absl::Status check_map(const ColumnNames& map, const std::vector<std::string_view>& names) {
  std::vector<FieldError> errors;
  for (const auto& [from, to] : map) {
    if (std::find(names.begin(), names.end(), from) != names.end()) continue;
    errors.push_back({"?map", no_such("column", shown_name(from), names)});
  }
  if (errors.empty()) return absl::OkStatus();
  const std::string detail = "?map " + errors.front().detail;
  return problem(ErrorCode::Unprocessable, detail, std::move(errors));
}

}  // namespace

absl::StatusOr<std::vector<CsvColumn>> read_csv_header(const std::vector<std::string_view>& names,
                                                       ImportTable table, const ColumnNames& map) {
  GRAPEVINE_RETURN_IF_ERROR(check_map(map, names));
  std::vector<CsvColumn> columns;
  for (const std::string_view sent : names) {
    const auto mapped = map.find(sent);
    const std::string_view name = mapped == map.end() ? sent : mapped->second;
    GRAPEVINE_RETURN_IF_ERROR(check_name(name));
    CsvColumn column = column_of(name, table);
    const auto same = [&](const CsvColumn& earlier) { return is_same(earlier, column); };
    if (std::any_of(columns.begin(), columns.end(), same)) {
      return wrong_header("two columns mean the same: " + shown_name(name));
    }
    columns.push_back(std::move(column));
  }
  const auto has = [&](Role role) {
    return std::any_of(columns.begin(), columns.end(),
                       [&](const CsvColumn& column) { return column.role == role; });
  };
  if (!has(Role::UserId) && !has(Role::AnonymousId)) {
    return wrong_header("there is no column customer_id");
  }
  if (table == ImportTable::Events && !has(Role::Event)) {
    return wrong_header("there is no column event");
  }
  return columns;
}

}  // namespace grapevine
