#pragma once

#include <string>
#include <string_view>

#include <absl/status/statusor.h>

#include "api/execute/list_page.hpp"
#include "api/message.hpp"
#include "api/plan/attribute_catalog.hpp"

namespace grapevine {

/// Finds what a list may show of people, as of its snapshot and moment: an attribute, or a score of
/// the graph ("influence.pagerank"). False: there is none of that name. Errors  Cancelled.
absl::StatusOr<bool> find_listed(std::string_view name, const ListSource& source,
                                 const Context& context, Attribute& found);

/// "no such attribute: agee (did you mean age?)": scores are among the names that may be meant.
std::string no_such_listed(std::string_view name, const Snapshot& snapshot);

}  // namespace grapevine
