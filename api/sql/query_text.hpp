#pragma once

#include <string>

#include "api/sql/syntax.hpp"

namespace grapevine::sql {

/// The query as text that parses to itself again.
std::string query_text(const Query& query);

/// A name with the aliases and words of what FROM names.
std::string table_text(const TableExpression& table);

}  // namespace grapevine::sql
