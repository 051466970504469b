#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "api/execute/moment.hpp"
#include "api/live/graph_view.hpp"
#include "api/message.hpp"
#include "api/parse/propagation_query.hpp"

namespace grapevine {

/// What a question about the graph is answered from: one snapshot, one moment, the graph of both.
struct GraphSource {
  std::shared_ptr<const Snapshot> snapshot;
  AnswerMoment moment;
  std::shared_ptr<const SocialGraph> graph;
};

/// Errors  Gone: the pinned snapshot is kept no longer. Cancelled.
absl::StatusOr<GraphSource> open_graph(const GraphMoment& asked, const Context& context);

/// What a question's graph is restricted to, over its snapshot and moment.
/// Errors  Unprocessable: no such segment. Cancelled.
absl::StatusOr<TieRestriction> bind_restriction(const GraphRestriction& asked,
                                                const GraphSource& source, const Context& context);

/// The graph of a source whose snapshot and moment are known.
absl::Status find_graph(const GraphMoment& asked, const Context& context, GraphSource& source);

/// People whom a request names, as vertices of the graph.
struct NamedPeople {
  std::vector<Vertex> vertices;     ///< Ascending, each once.
  std::vector<CustomerId> outside;  ///< Customers in no social event: ascending, each once.
};

/// Finds customers by their external ids, which stand at `pointer` of the request.
/// Errors  Unprocessable: names every one that is no customer.
absl::StatusOr<NamedPeople> find_people(const CustomerIds& ids, std::string_view pointer,
                                        const GraphSource& source);

/// Those who spoke in the burst of an alert, up to the source's moment.
/// Errors  Unprocessable: no such alert. Cancelled.
absl::StatusOr<NamedPeople> find_speakers(const AlertName& name, const GraphSource& source,
                                          const Context& context);

/// The same for people who are named in any of these ways. Errors  As of both.
absl::StatusOr<NamedPeople> find_people(const PeopleRule& rule, const GraphSource& source,
                                        const Context& context);

/// The members of a stored segment, as words of a bitset by CustomerId.
/// Errors  Unprocessable: no such segment, with the pointer at which it was named.
absl::StatusOr<std::vector<std::uint64_t>> find_members(const SegmentName& segment,
                                                        const GraphSource& source,
                                                        const Context& context);

/// The members of a bitset by CustomerId, as people of the graph and those outside of it.
NamedPeople people_of(std::span<const std::uint64_t> members, const GraphSource& source);

}  // namespace grapevine
