#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "api/encode/segment_result.hpp"
#include "api/live/social_graph.hpp"
#include "api/message.hpp"
#include "api/parse/members_request.hpp"

namespace grapevine {

/// People ranked by a score, and what else is told of them.
struct Ranking {
  std::shared_ptr<const SocialGraph> graph;
  std::shared_ptr<const RankedScore> score;
  /// By name; they are of other people too, and may not be of all.
  std::vector<std::pair<std::string, std::shared_ptr<const RankedScore>>> scores;
};

/// One page of a ranking, and what stands beside its rows.
struct RankingPage {
  const Ranking& ranking;
  std::string name;                            ///< Of the score that ranks.
  std::span<const std::uint32_t> people = {};  ///< Places in the score.
  std::uint64_t snapshot = 0;
  AnswerMoment moment = {};
  std::string next_cursor = {};  ///< Empty: this is the last page.
};

/// The page as JSON, NDJSON, CSV or an Arrow stream: customer_id, rank, value, percentile_rank, and a
/// column for each of the other scores. JSON says beside how far an estimate may be off, and how
/// unevenly answers are spread.
Response encode_ranking(const RankingPage& page, RowFormat format);

}  // namespace grapevine
