#pragma once

#include <string_view>
#include <vector>

namespace grapevine::sql::tests {

/// Statements that are read, which between them have every form there is.
const std::vector<std::string_view>& valid_statements();

}  // namespace grapevine::sql::tests
