#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "api/encode/graph_details.hpp"
#include "api/encode/json_writer.hpp"
#include "api/execute/erased.hpp"
#include "api/execute/list_page.hpp"
#include "api/execute/restricted.hpp"
#include "api/parse/ranking_request.hpp"
#include "api/plan/people.hpp"
#include "api/routes/influence.hpp"
#include "kernels/graph/vertex_mask.hpp"
#include "kernels/influence/community_talk.hpp"
#include "storage/schema.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

constexpr char kList[] = "influence/communities";
constexpr std::int64_t kLimitMax = 1000;
constexpr std::size_t kLeaders = 5;
constexpr std::size_t kProducts = 5;

// What is told of the communities of one page.
struct Page {
  std::shared_ptr<const Communities> communities;
  std::shared_ptr<const RankedScore> pagerank;
  std::vector<std::uint32_t> numbers;        // Of the communities, in order.
  std::vector<std::size_t> members;          // Parallel: of the segment that was asked for.
  std::vector<std::vector<Vertex>> leaders;  // Parallel.
  std::vector<CommunityTalk> talk;           // Parallel.
};

struct Asked {
  const GraphListRequest& query;
  const GraphSource& source;
  const Context& context;
};

// The members of each community who may be listed: bits of a mask; empty: everyone.
absl::StatusOr<std::vector<std::uint64_t>> find_listed_people(const Asked& asked) {
  if (asked.query.segment.empty()) return std::vector<std::uint64_t>();
  GRAPEVINE_ASSIGN_OR_RETURN(const auto members, find_members({asked.query.segment, "?segment"},
                                                              asked.source, asked.context));
  return mask_of_customers(asked.source.graph->listening(), members);
}

// The communities with someone to list, and how many of each; the largest first.
std::vector<std::pair<std::uint32_t, std::size_t>> count_members(
    const Communities& communities, std::span<const std::uint64_t> listed) {
  std::vector<std::size_t> counts(communities.count());
  for (Vertex v = 0; v < communities.of.size(); ++v) {
    if (listed.empty() || mask_has(listed, v)) ++counts[communities.of[v]];
  }
  std::vector<std::pair<std::uint32_t, std::size_t>> found;
  for (std::uint32_t c = 0; c < counts.size(); ++c) {
    if (counts[c] > 0) found.emplace_back(c, counts[c]);
  }
  std::ranges::stable_sort(found, [](const auto& a, const auto& b) { return a.second > b.second; });
  return found;
}

// The first of each community by PageRank, whom the segment lists and whose processing nobody
// restricted.
absl::Status find_leaders(const Asked& asked, std::span<const std::uint64_t> listed,
                          std::span<const std::uint32_t> place_of, Page& page) {
  const ListenGraph& graph = asked.source.graph->listening();
  GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet restricted,
                             restricted_customers(*asked.source.snapshot, asked.context.stop));
  const auto newest = asked.context.store.snapshot();
  page.leaders.resize(page.numbers.size());
  for (const Vertex v : page.pagerank->order) {
    const std::uint32_t place = place_of[page.communities->of[v]];
    if (place == kNoCommunity || page.leaders[place].size() == kLeaders) continue;
    if (!listed.empty() && !mask_has(listed, v)) continue;
    const CustomerId customer = graph.people[v];
    if (!restricted.empty() && restricted.has(customer)) continue;
    if (!is_erased(customer, *newest)) page.leaders[place].push_back(v);
  }
  return absl::OkStatus();
}

absl::Status find_talk(const Asked& asked, std::span<const std::uint32_t> place_of, Page& page) {
  const ListenGraph& graph = asked.source.graph->listening();
  std::vector<std::uint32_t> of_customer(asked.source.snapshot->customers().count(), kNoCommunity);
  for (Vertex v = 0; v < graph.vertices(); ++v) {
    of_customer[index(graph.people[v])] = place_of[page.communities->of[v]];
  }
  GRAPEVINE_ASSIGN_OR_RETURN(
      page.talk, community_talk(*asked.source.snapshot, of_customer, page.numbers.size(), kProducts,
                                asked.source.moment.as_of, asked.context.stop));
  return absl::OkStatus();
}

void write_community(JsonWriter& json, const Asked& asked, const Page& page, std::size_t i) {
  json.begin_object();
  json.member("community", page.numbers[i]);
  json.member("size", page.communities->sizes[page.numbers[i]]);
  if (!asked.query.segment.empty()) json.member("members", page.members[i]);
  json.key("leaders");
  json.begin_array();
  for (const Vertex v : page.leaders[i]) {
    json.begin_object();
    json.member("customer_id", asked.source.graph->external_id(v));
    json.member("pagerank", page.pagerank->values[v]);
    json.end_object();
  }
  json.end_array();
  const auto& products =
      asked.source.snapshot->columns()[index(column_id(CoreColumn::ProductId))].dictionary;
  json.key("products");
  json.begin_array();
  for (const auto& [code, events] : page.talk[i].products) {
    json.begin_object();
    json.member("product_id", products->at(code));
    json.member("events", events);
    json.end_object();
  }
  json.end_array();
  json.key("mean_sentiment");
  if (page.talk[i].mean_sentiment) {
    json.value(*page.talk[i].mean_sentiment);
  } else {
    json.null();
  }
  json.member("scored_events", page.talk[i].scored);
  json.end_object();
}

}  // namespace

absl::StatusOr<Response> list_communities(const Request& request, const Context& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(const GraphListRequest query,
                             parse_graph_list_request(request, kList, context, kLimitMax, 20));
  GRAPEVINE_ASSIGN_OR_RETURN(const ListSource list, open_list(query.page, context));
  GraphSource source{list.snapshot, list.moment, nullptr};
  GRAPEVINE_RETURN_IF_ERROR(find_graph(
      {query.page.as_of, {}, query.restriction, query.max_staleness_ms}, context, source));
  const Asked asked{query, source, context};

  Page page;
  GRAPEVINE_ASSIGN_OR_RETURN(page.communities, source.graph->communities(context.stop));
  GRAPEVINE_ASSIGN_OR_RETURN(page.pagerank, source.graph->score("pagerank", context.stop));
  GRAPEVINE_ASSIGN_OR_RETURN(const auto listed, find_listed_people(asked));
  const auto found = count_members(*page.communities, listed);
  const std::size_t begin = std::min<std::size_t>(list.offset, found.size());
  const std::size_t end = std::min<std::size_t>(begin + query.page.limit, found.size());
  std::vector<std::uint32_t> place_of(page.communities->count(), kNoCommunity);
  for (std::size_t i = begin; i < end; ++i) {
    place_of[found[i].first] = static_cast<std::uint32_t>(page.numbers.size());
    page.numbers.push_back(found[i].first);
    page.members.push_back(found[i].second);
  }
  GRAPEVINE_RETURN_IF_ERROR(find_leaders(asked, listed, place_of, page));
  GRAPEVINE_RETURN_IF_ERROR(find_talk(asked, place_of, page));
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string next,
                             next_cursor(query.page, list, kList, end, found.size(), context));

  JsonWriter json;
  json.begin_object();
  json.key("communities");
  json.begin_array();
  for (std::size_t i = 0; i < page.numbers.size(); ++i) write_community(json, asked, page, i);
  json.end_array();
  if (!next.empty()) json.member("next_cursor", next);
  json.member("count", found.size());
  json.member("modularity", page.communities->modularity);
  end_graph_answer(json, *source.graph, list.moment.as_of, list.snapshot->number());
  Response response;
  response.body = std::move(json).take();
  return response;
}

}  // namespace grapevine
