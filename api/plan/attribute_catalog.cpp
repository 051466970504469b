#include "api/plan/attribute_catalog.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "api/collect/member_role.hpp"
#include "api/parse/nearest_name.hpp"
#include "api/plan/computed_document.hpp"

namespace grapevine {
namespace {

// Known before anybody has one.
constexpr std::array<std::pair<std::string_view, Attribute::From>, 6> kAlwaysKnown{{
    {"customer_id", Attribute::From::Id},
    {"first_seen", Attribute::From::FirstSeen},
    {"last_seen", Attribute::From::LastSeen},
    {"kind", Attribute::From::Nothing},
    {"account_id", Attribute::From::Nothing},
    {"processing_restricted", Attribute::From::Nothing},
}};

ValueType type_of_known(Attribute::From from) {
  switch (from) {
    case Attribute::From::Id: return ValueType::String;
    case Attribute::From::FirstSeen:
    case Attribute::From::LastSeen: return ValueType::Int64;
    case Attribute::From::Column:
    case Attribute::From::Nothing: break;
  }
  return ValueType::Null;
}

}  // namespace

bool find_attribute(const Snapshot& snapshot, std::string_view name, Attribute& found) {
  const auto known = std::find_if(kAlwaysKnown.begin(), kAlwaysKnown.end(),
                                  [&](const auto& entry) { return entry.first == name; });
  const bool derived = known != kAlwaysKnown.end() && known->second != Attribute::From::Nothing;
  if (derived) {
    found = {known->second, type_of_known(known->second), nullptr};
    return true;
  }
  for (const auto& column : snapshot.customers().attributes()) {
    if (column->name != name) continue;
    found = {Attribute::From::Column, column->type, column};
    return true;
  }
  found = {};
  return known != kAlwaysKnown.end();
}

std::vector<std::string_view> attribute_names(const Snapshot& snapshot) {
  std::vector<std::string_view> names;
  for (const auto& [name, from] : kAlwaysKnown) names.push_back(name);
  for (const auto& column : snapshot.customers().attributes()) names.emplace_back(column->name);
  for (const std::string_view computed : computed_names(snapshot)) names.push_back(computed);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::vector<std::string_view> column_names(const Snapshot& snapshot,
                                           std::vector<std::string_view> of_every_row) {
  std::vector<std::string_view> names = std::move(of_every_row);
  for (const ColumnInfo& column : snapshot.columns()) names.emplace_back(column.name);
  return names;
}

std::string no_such_column(std::string_view wanted, const Snapshot& snapshot,
                           std::vector<std::string_view> of_every_row) {
  const std::vector<std::string_view> known = column_names(snapshot, std::move(of_every_row));
  const std::string_view sent = wanted.substr(wanted.rfind('.') + 1);  // All of it without a point.
  const MemberRole role = role_of(Family::Properties, sent);
  if (role.slot == kNoSlot || name_of_slot(role.slot) == wanted) {
    return no_such("column", wanted, known);
  }
  return "no such column: " + std::string(wanted) + " (did you mean " +
         std::string(name_of_slot(role.slot)) + "?)";
}

}  // namespace grapevine
