#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "api/encode/segment_result.hpp"
#include "api/live/graph_view.hpp"
#include "api/message.hpp"
#include "api/parse/members_request.hpp"

namespace grapevine {

/// One page of a ranking, and what stands beside its rows.
struct RankingPage {
  std::string name;
  const SocialGraph* graph = nullptr;
  const RankedScore* score = nullptr;
  std::span<const Vertex> people;
  std::uint64_t snapshot = 0;
  AnswerMoment moment;
  std::string next_cursor;  ///< Empty: this is the last page.
};

/// The page as JSON, NDJSON, CSV or an Arrow stream: customer_id, rank, value, percentile_rank.
Response encode_ranking(const RankingPage& page, RowFormat format);

}  // namespace grapevine
