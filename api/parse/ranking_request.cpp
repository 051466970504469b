#include "api/parse/ranking_request.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "api/parse/graph_restriction.hpp"
#include "api/parse/mistakes.hpp"
#include "api/parse/nearest_name.hpp"
#include "api/parse/page_parameters.hpp"
#include "api/plan/score_names.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

// What was given must be what it was; what was left out is what it was.
void keep(QueryReader& query, std::string_view name, const std::string& before,
          std::string& asked) {
  if (!asked.empty() && asked != before) {
    query.wrong(name, "not what it was when the cursor was given: " + asked);
  }
  asked = before;
}

void keep_restriction(QueryReader& query, const std::string& before, GraphRestriction& asked) {
  const std::string restriction = restriction_json(asked);
  if (!restriction.empty() && restriction != before) {
    query.wrong("cursor", "the restriction of the graph is not what it was when it was given");
  }
  asked = read_restriction_json(before);
}

std::vector<std::string_view> names_of_scores() {
  std::vector<std::string_view> names;
  for (const ScoreName& score : kScores) names.push_back(score.name);
  return names;
}

void read_ranking(QueryReader& query, RankingRequest& ranking) {
  const auto take = [&](std::string_view name) {
    const std::string* text = query.take(name);
    return text == nullptr ? std::string() : *text;
  };
  ranking.score = take("score");
  ranking.segment = take("segment");
  ranking.restart = take("restart");
  ranking.restriction = take_graph_restriction(query);
  if (auto scores = query.take_list("scores")) {
    ranking.scores = *std::move(scores);
    if (ranking.scores == std::vector<std::string>{"all"}) {
      const auto all = names_of_scores();
      ranking.scores.assign(all.begin(), all.end());
    }
  }
  ranking.max_staleness_ms = take_staleness(query);
}

// A cursor pins what its list was made from: parameters may be left out, but not changed.
void keep_to_cursor(QueryReader& query, RankingRequest& ranking) {
  constexpr std::size_t kFirstScore = 3;
  PageRequest& page = ranking.page;
  page.order_by = page.cursor->order_by;
  page.fields = page.cursor->fields;
  page.fields.resize(std::max(page.fields.size(), kFirstScore));
  keep(query, "score", page.order_by, ranking.score);
  keep(query, "segment", page.fields[0], ranking.segment);
  keep(query, "restart", page.fields[1], ranking.restart);
  keep_restriction(query, page.fields[2], ranking.restriction);
  const std::vector<std::string> scores(page.fields.begin() + kFirstScore, page.fields.end());
  if (!ranking.scores.empty() && ranking.scores != scores) {
    query.wrong("scores", "not what they were when the cursor was given");
  }
  ranking.scores = scores;
}

void check_ranking(QueryReader& query, RankingRequest& ranking) {
  if (ranking.score.empty()) ranking.score = "pagerank";
  const auto known = names_of_scores();
  const ScoreName* score = find_score(ranking.score);
  if (score == nullptr) {
    std::string all;
    for (const std::string_view name : known) all.append(all.empty() ? ": " : ", ").append(name);
    query.wrong("score", no_such("score", ranking.score, known) + "; there are" + all);
  } else if (!ranking.restriction.is_none() && score->from != ScoreName::From::Graph) {
    query.wrong("score", "follows from more than the graph, which is restricted: " + ranking.score);
  }
  if (!ranking.restart.empty() && ranking.score != "pagerank") {
    query.wrong("restart", "only pagerank is personalised");
  }
  for (std::size_t i = 0; i < ranking.scores.size(); ++i) {
    const std::string& name = ranking.scores[i];
    const auto before = ranking.scores.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(ranking.scores.begin(), before, name) != before) {
      query.wrong("scores", "given twice: " + name);
    }
    if (find_score(name) == nullptr) query.wrong("scores", no_such("score", name, known));
  }
  if (!ranking.scores.empty() && (!ranking.restriction.is_none() || !ranking.restart.empty())) {
    query.wrong("scores", "are of the whole graph: ask without a restriction or restart");
  }
}

}  // namespace

absl::StatusOr<RankingRequest> parse_ranking_request(const Request& request,
                                                     const Context& context) {
  Mistakes mistakes;
  QueryReader query(request.query, mistakes);
  RankingRequest ranking;
  PageRequest& page = ranking.page;
  GRAPEVINE_ASSIGN_OR_RETURN(page.cursor, read_cursor_parameter(query, RankingRequest::kList));
  page.format = read_format(query, request);
  read_ranking(query, ranking);
  if (page.cursor) {
    keep_to_cursor(query, ranking);
  } else {
    check_ranking(query, ranking);
    page.order_by = ranking.score;
    page.fields = {ranking.segment, ranking.restart, restriction_json(ranking.restriction)};
    page.fields.insert(page.fields.end(), ranking.scores.begin(), ranking.scores.end());
  }
  read_page(query, page.format == RowFormat::Json ? kJsonLimit : kRowsLimit, page);
  read_moment(query, context, page);
  query.refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return ranking;
}

absl::StatusOr<GraphListRequest> parse_graph_list_request(const Request& request,
                                                          const std::string& list,
                                                          const Context& context,
                                                          std::int64_t limit_max,
                                                          std::uint64_t limit) {
  Mistakes mistakes;
  QueryReader query(request.query, mistakes);
  GraphListRequest asked;
  PageRequest& page = asked.page;
  page.limit = limit;
  GRAPEVINE_ASSIGN_OR_RETURN(page.cursor, read_cursor_parameter(query, list));
  if (const std::string* segment = query.take("segment")) asked.segment = *segment;
  asked.restriction = take_graph_restriction(query);
  asked.max_staleness_ms = take_staleness(query);
  if (page.cursor) {
    page.fields = page.cursor->fields;
    page.fields.resize(2);
    keep(query, "segment", page.fields[0], asked.segment);
    keep_restriction(query, page.fields[1], asked.restriction);
  }
  page.fields = {asked.segment, restriction_json(asked.restriction)};
  read_page(query, limit_max, page);
  read_moment(query, context, page);
  query.refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return asked;
}

}  // namespace grapevine
