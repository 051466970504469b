#include "api/sql/insert/insert_columns.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "api/collect/limits.hpp"
#include "api/parse/nearest_name.hpp"
#include "api/plan/attribute_catalog.hpp"
#include "api/sql/tables/event_table.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/derived_columns.hpp"
#include "storage/schema.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

using Role = InsertColumn::Role;

constexpr std::array<std::string_view, 5> kOfEveryRow = {"ts", "event", "customer_id", "target_id",
                                                         "event_id"};

ValueKind kind_of(TypeId id) {
  switch (id) {
    case TypeId::String: return ValueKind::Text;
    case TypeId::Bool: return ValueKind::Truth;
    case TypeId::DateTime64: return ValueKind::Time;
    case TypeId::Int64:
    case TypeId::Float64:
    case TypeId::Float32: return ValueKind::Number;
    default: return ValueKind::Any;
  }
}

ValueKind kind_of(ValueType type) { return kind_of(type_of_stored(type).id); }

absl::Status no_such_column(std::string_view detail, std::string_view table) {
  return query_error(QueryErrorCode::NoSuchColumnInTable,
                     fmt::format("{} in table {}", detail, table));
}

absl::Status is_derived(std::string_view name, std::string_view table) {
  return query_error(
      QueryErrorCode::IllegalColumn,
      fmt::format("Column {} of table {} is derived from other data: it cannot be inserted", name,
                  table));
}

InsertColumn column_of(Role role, std::string_view name, ValueKind kind = ValueKind::Text) {
  InsertColumn column;
  column.role = role;
  column.kind = kind;
  column.name = name;
  return column;
}

InsertColumn core_column(CoreSlot slot, std::string_view name) {
  InsertColumn column = column_of(Role::Core, name);
  column.slot = slot;
  column.member = name_of_slot(slot);
  if (is_number_slot(slot)) column.kind = ValueKind::Number;
  return column;
}

// "properties.plan" is `plan` of the properties; nullopt: the name is of no family.
std::optional<InsertColumn> member_column(std::string_view name) {
  constexpr std::pair<std::string_view, Family> kFamilies[] = {{"properties.", Family::Properties},
                                                               {"context.", Family::Context}};
  for (const auto& [prefix, family] : kFamilies) {
    const bool nested = name == prefix.substr(0, prefix.size() - 1);
    if (!nested && (!name.starts_with(prefix) || name.size() == prefix.size())) continue;
    InsertColumn column = column_of(nested ? Role::Nested : Role::Value, name, ValueKind::Any);
    column.family = family;
    if (!nested) column.member = name.substr(prefix.size());
    return column;
  }
  return std::nullopt;
}

}  // namespace

InsertColumns::InsertColumns(InsertTable table, std::shared_ptr<const Snapshot> snapshot,
                             bool skip_unknown)
    : table_(table), snapshot_(std::move(snapshot)), skip_unknown_(skip_unknown) {
  if (table == InsertTable::Customers) return;
  const EventTable known(*snapshot_);
  for (const TableColumn& column : known.columns()) {
    names_.push_back(column.name);
    kinds_.emplace(column.name, kind_of(column.type.id));
  }
}

absl::StatusOr<InsertColumn> InsertColumns::find(std::string_view name) const {
  if (name.size() > kColumnNameBytesMax || name.find('\0') != std::string_view::npos) {
    return query_error(QueryErrorCode::IllegalColumn,
                       fmt::format("The name of a column has at most {} bytes, and no U+0000",
                                   kColumnNameBytesMax));
  }
  return table_ == InsertTable::Events ? find_of_events(name) : find_of_customers(name);
}

absl::StatusOr<InsertColumn> InsertColumns::find_of_events(std::string_view name) const {
  if (name == "ts") return column_of(Role::Time, name, ValueKind::Time);
  if (name == "event") return column_of(Role::Event, name);
  if (name == "customer_id") return column_of(Role::Customer, name);
  if (name == "event_id") return column_of(Role::EventId, name);
  for (CoreSlot slot = 0; slot < kCoreSlots; ++slot) {
    if (name == name_of_slot(slot)) return core_column(slot, name);
  }
  if (std::optional<InsertColumn> member = member_column(name)) {
    const auto known = kinds_.find(name);
    if (known != kinds_.end()) member->kind = known->second;
    return *std::move(member);
  }
  if (skip_unknown_) return column_of(Role::Skipped, name);
  if (name == kSentimentModelColumn) return is_derived(name, "events");
  return no_such_column(
      grapevine::no_such_column(name, *snapshot_, {kOfEveryRow.begin(), kOfEveryRow.end()}),
      "events");
}

absl::StatusOr<InsertColumn> InsertColumns::find_of_customers(std::string_view name) const {
  if (name == "customer_id") return column_of(Role::Customer, name);
  if (name == "ts") return column_of(Role::Time, name, ValueKind::Time);
  if (name.empty()) return no_such_column("no such column: ''", "customers");
  InsertColumn column = column_of(Role::Value, name, ValueKind::Any);
  column.family = Family::Trait;
  if (name == "traits") {
    column.role = Role::Nested;
    return column;
  }
  Attribute attribute;
  const bool known = find_attribute(*snapshot_, name, attribute);
  if ((known && attribute.is_seen()) || name == "kind" || name.starts_with("influence.")) {
    return is_derived(name, "customers");
  }
  column.member = name.substr(name.starts_with("traits.") ? 7 : 0);
  if (known) column.kind = kind_of(attribute.type);
  return column;
}

absl::StatusOr<std::vector<InsertColumn>> InsertColumns::find_all(
    const std::vector<std::string>& names) const {
  std::vector<InsertColumn> columns;
  for (const std::string& name : names) {
    const bool again = std::any_of(columns.begin(), columns.end(),
                                   [&](const InsertColumn& column) { return column.name == name; });
    if (again) {
      return query_error(QueryErrorCode::DuplicateColumn,
                         fmt::format("Column {} is specified more than once", name));
    }
    GRAPEVINE_ASSIGN_OR_RETURN(InsertColumn column, find(name));
    columns.push_back(std::move(column));
  }
  return columns;
}

}  // namespace grapevine::sql
