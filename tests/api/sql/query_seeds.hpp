#pragma once

#include <string>
#include <vector>

#include "api/message.hpp"

namespace grapevine::sql::tests {

/// A query of a .query file, and what its {name:Type} are.
struct QuerySeed {
  std::string text;
  Fields parameters;
};

/// All queries of tests/queries/sql and tests/queries/tables, in the order of their files' names.
std::vector<QuerySeed> query_seeds();

}  // namespace grapevine::sql::tests
