#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "api/encode/ranking_rows.hpp"
#include "api/execute/erased.hpp"
#include "api/execute/list_page.hpp"
#include "api/execute/restricted.hpp"
#include "api/live/graph_view.hpp"
#include "api/parse/ranking_request.hpp"
#include "api/plan/people.hpp"
#include "api/result_cache.hpp"
#include "api/routes/influence.hpp"
#include "kernels/graph/vertex_mask.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

// A ranking, kept for its next pages.
class RankedList final : public CachedList {
 public:
  RankedList(std::shared_ptr<const SocialGraph> of, std::shared_ptr<const RankedScore> by,
             std::vector<Vertex> listed)
      : graph(std::move(of)), score(std::move(by)), people(std::move(listed)) {}
  [[nodiscard]] std::size_t bytes() const override {
    // The graph may be kept for this list alone.
    return graph->listening().vertices() * 64 + graph->listening().edges() * 16 +
           people.size() * sizeof(Vertex);
  }

  const std::shared_ptr<const SocialGraph> graph;
  const std::shared_ptr<const RankedScore> score;
  const std::vector<Vertex> people;  // In order.
};

absl::StatusOr<std::shared_ptr<RankedList>> make_list(const RankingRequest& query,
                                                      const ListSource& source,
                                                      const Context& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(const auto graph,
                             context.graph.at(*source.snapshot, source.moment.as_of, context.stop));
  GRAPEVINE_ASSIGN_OR_RETURN(const auto score, graph->score(query.score, context.stop));
  std::vector<Vertex> listed = score->order;
  if (!query.segment.empty()) {
    const GraphSource asked{source.snapshot, source.moment, graph};
    GRAPEVINE_ASSIGN_OR_RETURN(const auto members,
                               find_members({query.segment, "?segment"}, asked, context));
    const std::vector<std::uint64_t> mask = mask_of_customers(graph->listening(), members);
    std::erase_if(listed, [&](Vertex v) { return !mask_has(mask, v); });
  }
  // They count in the ranks of the others, but are named nowhere.
  GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet restricted,
                             restricted_customers(*source.snapshot, context.stop));
  if (!restricted.empty()) {
    const auto hidden = mask_of_customers(graph->listening(), restricted.words());
    std::erase_if(listed, [&](Vertex v) { return mask_has(hidden, v); });
  }
  return std::make_shared<RankedList>(graph, score, std::move(listed));
}

absl::StatusOr<std::shared_ptr<RankedList>> open_ranking(const RankingRequest& query,
                                                         const ListSource& source,
                                                         const Context& context) {
  const std::string key = "influence " + std::to_string(source.snapshot->number()) + ' ' +
                          std::to_string(source.moment.as_of) + ' ' + query.score + ' ' +
                          query.segment;
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
  RankingPage page;
  GRAPEVINE_ASSIGN_OR_RETURN(
      page.next_cursor,
      next_cursor(query.page, source, RankingRequest::kList, end, list->people.size(), context));
  page.name = query.score;
  page.graph = list->graph.get();
  page.score = list->score.get();
  std::vector<Vertex> people(list->people.begin() + static_cast<std::ptrdiff_t>(begin),
                             list->people.begin() + static_cast<std::ptrdiff_t>(end));
  const auto newest = context.store.snapshot();
  std::erase_if(people,
                [&](Vertex v) { return is_erased(list->graph->listening().people[v], *newest); });
  page.people = people;
  page.snapshot = source.snapshot->number();
  page.moment = source.moment;
  return encode_ranking(page, query.page.format);
}

}  // namespace grapevine
