#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/parse/members_request.hpp"

namespace grapevine {

/// What a page of a ranking is asked for.
struct RankingRequest {
  static constexpr const char* kList = "influence";  ///< What its cursors are of.

  PageRequest page;     ///< order_by and fields are the score and the segment, for its cursor.
  std::string score;    ///< One of kScoreNames.
  std::string segment;  ///< Only its members are listed; empty: everyone.
};

/// Reads the parameters of `GET /v1/influence`. Errors: as for a list of members.
absl::StatusOr<RankingRequest> parse_ranking_request(const Request& request,
                                                     const Context& context);

}  // namespace grapevine
