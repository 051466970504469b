#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "api/execute/list_page.hpp"
#include "api/message.hpp"
#include "api/plan/attribute_catalog.hpp"

namespace grapevine {

/// Finds what a list may show of people, as of its snapshot and moment: an attribute, or a score of
/// the graph ("influence.pagerank"). False: there is none of that name.
/// Errors  Unprocessable: the definition of a computed one does not fit the data. Cancelled.
absl::StatusOr<bool> find_listed(std::string_view name, const ListSource& source,
                                 const Context& context, Attribute& found);

/// A computed attribute as of a moment.
struct ComputedAttribute {
  std::string name;
  Attribute attribute;
};
/// All computed attributes, by name; one whose definition does not fit the data any more is left
/// out. Errors  Cancelled.
absl::StatusOr<std::vector<ComputedAttribute>> all_computed(const ListSource& source,
                                                            const Context& context);

/// "no such attribute: agee (did you mean age?)": scores are among the names that may be meant.
std::string no_such_listed(std::string_view name, const Snapshot& snapshot);

}  // namespace grapevine
