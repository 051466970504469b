#pragma once

#include <string_view>

#include <absl/status/status.h>

namespace grapevine::sql {

/// A failure of what /v1 does as one of a query: what is wrong with a definition or a body, and
/// where ("/all/0/attribute: no such attribute"), becomes BadArguments (36). `under`: the pointer
/// to what the query gave, which is left out. Others stay as they are.
absl::Status explained_problem(const absl::Status& failed, std::string_view under = "");

}  // namespace grapevine::sql
