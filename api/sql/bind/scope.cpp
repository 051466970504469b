#include "api/sql/bind/scope.hpp"

#include <algorithm>

#include "api/parse/nearest_name.hpp"

namespace grapevine::sql {
namespace {

// A name from part `begin` on: the columns of events have points in theirs.
std::string name_from(const std::vector<std::string>& parts, std::size_t begin) {
  std::string name = parts[begin];
  for (std::size_t i = begin + 1; i < parts.size(); ++i) name += "." + parts[i];
  return name;
}

bool is_of(const ScopeColumn& column, const std::vector<std::string>& parts, std::size_t count,
           bool by_own_name = false) {
  if (count == 0) return !column.shadowed;
  const std::string& table = by_own_name ? column.own_name : column.table;
  if (count == 1) return table == parts[0];
  return column.database == parts[0] && table == parts[1];
}

}  // namespace

const ScopeColumn* Scope::find(const std::vector<std::string>& parts) const {
  for (std::size_t qualifiers = 0; qualifiers < std::min<std::size_t>(parts.size(), 3);
       ++qualifiers) {
    const std::string name = name_from(parts, qualifiers);
    for (const bool by_own_name : {false, true}) {
      for (const ScopeColumn& column : columns) {
        if (column.name == name && is_of(column, parts, qualifiers, by_own_name)) return &column;
      }
    }
  }
  return nullptr;
}

std::vector<const ScopeColumn*> Scope::all(const std::vector<std::string>& table) const {
  std::vector<const ScopeColumn*> found;
  for (const ScopeColumn& column : columns) {
    if (!column.joined && is_of(column, table, table.size())) found.push_back(&column);
  }
  return found;
}

std::string Scope::nearest(const std::string& name) const {
  std::vector<std::string_view> names;
  for (const ScopeColumn& column : columns) names.push_back(column.name);
  return std::string(nearest_name(name, names));
}

}  // namespace grapevine::sql
