#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "api/sql/bind/bound.hpp"

namespace grapevine::sql {

/// One column that names in a SELECT may mean.
struct ScopeColumn {
  std::string database;
  std::string table;  ///< Its alias, or its name.
  std::string name;
  DataType type;
  std::size_t column = 0;  ///< Of what FROM makes.
  bool shadowed = false;  ///< Of JOIN ... USING: the same as another one; only by its table's name.
  bool element = false;   ///< Of ARRAY JOIN name: goes by its name as it is written.
  bool joined = false;    ///< Of ARRAY JOIN ... AS name: `*` is without it.
  std::string own_name = {};  ///< The table's, which counts where no alias is so called.
};

/// What FROM brings, in the order in which `*` names it.
struct Scope {
  std::vector<ScopeColumn> columns;

  /// The column that an identifier names, of several in several tables the first; nullptr: none.
  [[nodiscard]] const ScopeColumn* find(const std::vector<std::string>& parts) const;
  /// Those of `*`, or of `t.*`.
  [[nodiscard]] std::vector<const ScopeColumn*> all(const std::vector<std::string>& table) const;
  /// For a message: the name nearest to an unknown one, or empty.
  [[nodiscard]] std::string nearest(const std::string& name) const;
};

}  // namespace grapevine::sql
