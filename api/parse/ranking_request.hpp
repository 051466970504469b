#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/parse/graph_restriction.hpp"
#include "api/parse/members_request.hpp"

namespace grapevine {

/// What a page of a ranking is asked for.
struct RankingRequest {
  static constexpr const char* kList = "influence";  ///< What its cursors are of.

  PageRequest page;                 ///< order_by and fields are what follows, for its cursor.
  std::string score;                ///< One of kScores, by which people are ranked.
  std::string segment;              ///< Only its members are listed; empty: everyone.
  std::string restart;              ///< A segment from which PageRank is personalised; empty: none.
  GraphRestriction restriction;     ///< Of scores of the graph.
  std::vector<std::string> scores;  ///< To be told beside `score`.
  TimeMs max_staleness_ms = 0;
};

/// Reads the parameters of `GET /v1/influence`. Errors: as for a list of members.
absl::StatusOr<RankingRequest> parse_ranking_request(const Request& request,
                                                     const Context& context);

/// What a page of a list about the graph is asked for.
struct GraphListRequest {
  PageRequest page;  ///< fields are the segment and the restriction, for its cursor.
  std::string segment;
  GraphRestriction restriction;
  TimeMs max_staleness_ms = 0;
};

/// Reads the parameters of `GET /v1/influence/communities` and `/graph`: `segment`, `limit`, `cursor`,
/// `as_of`, `snapshot`, `max_staleness` and those of a restriction. Errors: as above.
absl::StatusOr<GraphListRequest> parse_graph_list_request(const Request& request,
                                                          const std::string& list,
                                                          const Context& context,
                                                          std::int64_t limit_max,
                                                          std::uint64_t limit);

}  // namespace grapevine
