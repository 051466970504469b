#pragma once

#include <memory>
#include <string>

#include "api/live/graph_view.hpp"
#include "storage/customers.hpp"

namespace grapevine {

/// A score as an attribute of customers: those outside of the graph have none. Float64.
/// Cost: O(people in the graph), 8 bytes a customer up to the last of them.
std::shared_ptr<const AttributeColumn> score_column(const SocialGraph& graph,
                                                    const RankedScore& score, std::string name);

}  // namespace grapevine
