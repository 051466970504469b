#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "api/encode/ranking_rows.hpp"
#include "api/execute/candidate_masks.hpp"
#include "api/execute/computed_columns.hpp"
#include "api/execute/erased.hpp"
#include "api/execute/list_page.hpp"
#include "api/execute/restricted.hpp"
#include "api/live/graph_view.hpp"
#include "api/parse/mistakes.hpp"
#include "api/parse/ranking_request.hpp"
#include "api/plan/computed_planner.hpp"
#include "api/plan/people.hpp"
#include "api/result_cache.hpp"
#include "api/routes/influence.hpp"
#include "kernels/influence/pagerank.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

// A ranking, kept for its next pages.
class RankedList final : public CachedList {
 public:
  RankedList(Ranking of, std::vector<std::uint32_t> listed)
      : ranking(std::move(of)), people(std::move(listed)) {}
  [[nodiscard]] std::size_t bytes() const override {
    // The graph may be kept for this list alone.
    return ranking.graph->bytes() +
           ranking.score->people.size() * (16 + ranking.scores.size() * 20) +
           people.size() * sizeof(std::uint32_t);
  }

  const Ranking ranking;
  const std::vector<std::uint32_t> people;  // Places in the score, in order.
};

using Score = std::shared_ptr<const RankedScore>;

// What is asked of influence, over one snapshot and moment.
struct Asked {
  const RankingRequest& query;
  const GraphSource& source;
  const Context& context;
};

absl::StatusOr<Score> find_personalized(const Asked& asked) {
  const ListenGraph& graph = asked.source.graph->listening();
  GRAPEVINE_ASSIGN_OR_RETURN(
      const PeopleMask restart,
      mask_of_segment({asked.query.restart, "?restart"}, asked.source, asked.context));
  PagerankOptions options;
  options.restart = restart;
  GRAPEVINE_ASSIGN_OR_RETURN(PagerankResult ranked, pagerank(graph, options, asked.context.stop));
  return std::make_shared<const RankedScore>(
      rank_people(graph.people, std::move(ranked.scores), asked.source.graph->names()));
}

absl::StatusOr<Score> find_score_of_everyone(const std::string& name, ComputedColumns& columns,
                                             const Asked& asked) {
  Mistakes mistakes;
  ComputedPlanner planner(*asked.source.snapshot,
                          {asked.source.moment.as_of, asked.context.timezone}, mistakes);
  const ComputedPlan plan = planner.plan_score(*find_score(name), "?score");
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return columns.score(plan);
}

absl::StatusOr<Ranking> rank(const Asked& asked) {
  const GraphSource& source = asked.source;
  Ranking ranking;
  ranking.graph = source.graph;
  ComputedColumns columns(
      {*source.snapshot, source.moment.as_of, asked.context.graph, asked.context.stop});
  if (!asked.query.restart.empty()) {
    GRAPEVINE_ASSIGN_OR_RETURN(ranking.score, find_personalized(asked));
  } else if (find_score(asked.query.score)->from == ScoreName::From::Graph) {
    GRAPEVINE_ASSIGN_OR_RETURN(ranking.score,
                               source.graph->score(asked.query.score, asked.context.stop));
  } else {
    GRAPEVINE_ASSIGN_OR_RETURN(ranking.score,
                               find_score_of_everyone(asked.query.score, columns, asked));
  }
  for (const std::string& name : asked.query.scores) {
    GRAPEVINE_ASSIGN_OR_RETURN(Score score, find_score_of_everyone(name, columns, asked));
    ranking.scores.emplace_back(name, std::move(score));
  }
  return ranking;
}

absl::StatusOr<std::shared_ptr<RankedList>> make_list(const RankingRequest& query,
                                                      const ListSource& list,
                                                      const Context& context) {
  GraphSource source{list.snapshot, list.moment, nullptr};
  const GraphMoment wanted{query.page.as_of, {}, query.restriction, query.max_staleness_ms};
  GRAPEVINE_RETURN_IF_ERROR(find_graph(wanted, context, source));
  GRAPEVINE_ASSIGN_OR_RETURN(Ranking ranking, rank({query, source, context}));
  std::vector<std::uint32_t> listed = ranking.score->order;
  const std::vector<CustomerId>& people = ranking.score->people;
  if (!query.segment.empty()) {
    GRAPEVINE_ASSIGN_OR_RETURN(const auto members,
                               find_members({query.segment, "?segment"}, source, context));
    std::erase_if(listed, [&](std::uint32_t i) {
      return (members[index(people[i]) / 64] >> (index(people[i]) % 64) & 1) == 0;
    });
  }
  // They count in the ranks of the others, but are named nowhere.
  GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet restricted,
                             restricted_customers(*source.snapshot, context.stop));
  if (!restricted.empty()) {
    std::erase_if(listed, [&](std::uint32_t i) { return restricted.has(people[i]); });
  }
  return std::make_shared<RankedList>(std::move(ranking), std::move(listed));
}

absl::StatusOr<std::shared_ptr<RankedList>> open_ranking(const RankingRequest& query,
                                                         const ListSource& source,
                                                         const Context& context) {
  std::string key = "influence " + std::to_string(source.snapshot->number()) + ' ' +
                    std::to_string(source.moment.as_of) + ' ' + query.score;
  for (const std::string& field : query.page.fields) key += '\n' + field;
  if (auto kept = std::dynamic_pointer_cast<RankedList>(context.results.list(key))) return kept;
  GRAPEVINE_ASSIGN_OR_RETURN(auto list, make_list(query, source, context));
  if (source.offset + query.page.limit < list->people.size()) context.results.keep_list(key, list);
  return list;
}

}  // namespace

absl::StatusOr<Response> rank_influence(const Request& request, const Context& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(const RankingRequest query, parse_ranking_request(request, context));
  GRAPEVINE_ASSIGN_OR_RETURN(const ListSource source, open_list(query.page, context));
  GRAPEVINE_ASSIGN_OR_RETURN(const auto list, open_ranking(query, source, context));

  const std::size_t begin = std::min<std::size_t>(source.offset, list->people.size());
  const std::size_t end = std::min<std::size_t>(begin + query.page.limit, list->people.size());
  RankingPage page{list->ranking, query.score};
  GRAPEVINE_ASSIGN_OR_RETURN(
      page.next_cursor,
      next_cursor(query.page, source, RankingRequest::kList, end, list->people.size(), context));
  std::vector<std::uint32_t> people(list->people.begin() + static_cast<std::ptrdiff_t>(begin),
                                    list->people.begin() + static_cast<std::ptrdiff_t>(end));
  const auto newest = context.store.snapshot();
  std::erase_if(
      people, [&](std::uint32_t i) { return is_erased(list->ranking.score->people[i], *newest); });
  page.people = people;
  page.snapshot = source.snapshot->number();
  page.moment = source.moment;
  return encode_ranking(page, query.page.format);
}

}  // namespace grapevine
