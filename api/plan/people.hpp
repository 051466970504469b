#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "api/live/graph_view.hpp"
#include "api/message.hpp"
#include "api/parse/propagation_query.hpp"

namespace grapevine {

/// People whom a request names, as vertices of the graph.
struct NamedPeople {
  std::vector<Vertex> vertices;     ///< Ascending, each once.
  std::vector<CustomerId> outside;  ///< Customers in no social event: ascending, each once.
};

/// Finds customers by their external ids, which stand at `pointer` of the request.
/// Errors  Unprocessable: names every one that is no customer.
absl::StatusOr<NamedPeople> find_people(const CustomerIds& ids, std::string_view pointer,
                                        const CurrentGraph& current);

/// The members of a stored segment, as of the newest snapshot, as words of a bitset by CustomerId.
/// Errors  Unprocessable: no such segment, with the pointer at which it was named.
absl::StatusOr<std::vector<std::uint64_t>> find_members(const SegmentName& segment,
                                                        const CurrentGraph& current,
                                                        const Context& context);

/// The members of a bitset by CustomerId, as people of the graph and those outside of it.
NamedPeople people_of(std::span<const std::uint64_t> members, const CurrentGraph& current);

}  // namespace grapevine
