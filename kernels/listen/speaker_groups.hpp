#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/graph/listen_graph.hpp"
#include "storage/customers.hpp"

namespace grapevine {

/// Groups of people for a GroupDimension, by CustomerId: kNoGroup where someone is in none.

/// By an attribute of strings or of true and false. `of_value` says the group of a code of its
/// dictionary, or of 0 and 1. Cost: one pass over the column.
std::vector<std::uint32_t> groups_by_attribute(const AttributeColumn& column, std::size_t customers,
                                               std::span<const std::uint32_t> of_value);

/// By a number of each person of a graph, such as their community. Shapes  number: by vertex;
/// of_number: beyond its end, kNoGroup.
std::vector<std::uint32_t> groups_by_vertex(const ListenGraph& graph, std::size_t customers,
                                            std::span<const std::uint32_t> number,
                                            std::span<const std::uint32_t> of_number);

}  // namespace grapevine
