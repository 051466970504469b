#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/sql/tables/table.hpp"

namespace grapevine::sql {

/// What the conditions of a query say of a column that has few names, so that a table need not make
/// the rows of the others.
struct NameChoice {
  std::vector<std::string_view> names;  ///< For which they hold.
  std::vector<BoundPtr> left;           ///< Conditions that ask something else, too.
  std::string notes;                    ///< For EXPLAIN.
};

/// `column`: which one of the table has the names.
/// Cost    The conditions once a name.
NameChoice choose_names(std::vector<std::string_view> names, std::size_t column,
                        const ScanRequest& request);

}  // namespace grapevine::sql
