#include <algorithm>
#include <cstdint>
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
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

constexpr char kList[] = "influence/graph";
constexpr std::int64_t kNodesMax = 5000;
constexpr std::size_t kEdgesPerNode = 10;  // At most, on average.

// Between two of the people shown.
struct ShownEdge {
  Vertex influencer = 0;
  Vertex listener = 0;
  float weight = 0.0F;
  double attention = 0.0;  // Of all: what reaches the influencer this way.
};

// The people whom most attention reaches, of a segment if one is asked for.
absl::StatusOr<std::vector<Vertex>> find_nodes(const GraphListRequest& query,
                                               const GraphSource& source, const RankedScore& score,
                                               const Context& context) {
  const ListenGraph& graph = source.graph->listening();
  std::vector<std::uint64_t> listed;
  if (!query.segment.empty()) {
    GRAPEVINE_ASSIGN_OR_RETURN(const auto members,
                               find_members({query.segment, "?segment"}, source, context));
    listed = mask_of_customers(graph, members);
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet restricted,
                             restricted_customers(*source.snapshot, context.stop));
  const auto newest = context.store.snapshot();
  std::vector<Vertex> nodes;
  for (const Vertex v : score.order) {
    if (nodes.size() == query.page.limit) break;
    if (!listed.empty() && !mask_has(listed, v)) continue;
    if (!restricted.empty() && restricted.has(graph.people[v])) continue;
    if (!is_erased(graph.people[v], *newest)) nodes.push_back(v);
  }
  return nodes;
}

std::vector<ShownEdge> find_edges(const ListenGraph& graph, const std::vector<Vertex>& nodes,
                                  const RankedScore& score) {
  std::vector<std::uint64_t> shown(mask_words(graph.vertices()));
  for (const Vertex v : nodes) shown[v / 64] |= std::uint64_t{1} << (v % 64);
  std::vector<ShownEdge> edges;
  for (const Vertex listener : nodes) {
    const auto influencers = graph.influencers.of(listener);
    const auto weights = graph.influencers.weights_of(listener);
    for (std::size_t e = 0; e < influencers.size(); ++e) {
      if (!mask_has(shown, influencers[e])) continue;
      edges.push_back({influencers[e], listener, weights[e],
                       score.values[listener] * static_cast<double>(weights[e])});
    }
  }
  std::ranges::sort(edges, [](const ShownEdge& a, const ShownEdge& b) {
    if (a.attention != b.attention) return a.attention > b.attention;
    return std::pair(a.influencer, a.listener) < std::pair(b.influencer, b.listener);
  });
  return edges;
}

}  // namespace

// Nodes and edges by the attention that passes, the most first: what a picture needs.
absl::StatusOr<Response> draw_graph(const Request& request, const Context& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(const GraphListRequest query,
                             parse_graph_list_request(request, kList, context, kNodesMax, 100));
  GRAPEVINE_ASSIGN_OR_RETURN(const ListSource list, open_list(query.page, context));
  GraphSource source{list.snapshot, list.moment, nullptr};
  GRAPEVINE_RETURN_IF_ERROR(find_graph(
      {query.page.as_of, {}, query.restriction, query.max_staleness_ms}, context, source));
  const ListenGraph& graph = source.graph->listening();
  GRAPEVINE_ASSIGN_OR_RETURN(const auto score, source.graph->score("pagerank", context.stop));
  GRAPEVINE_ASSIGN_OR_RETURN(const auto communities, source.graph->communities(context.stop));
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<Vertex> nodes,
                             find_nodes(query, source, *score, context));
  const std::vector<ShownEdge> edges = find_edges(graph, nodes, *score);
  const std::size_t shown = std::min(edges.size(), nodes.size() * kEdgesPerNode);

  JsonWriter json;
  json.begin_object();
  json.key("nodes");
  json.begin_array();
  for (const Vertex v : nodes) {
    json.begin_object();
    json.member("customer_id", source.graph->external_id(v));
    json.member("pagerank", score->values[v]);
    json.member("community", communities->of[v]);
    json.member("listeners", graph.listeners.degree(v));
    json.end_object();
  }
  json.end_array();
  json.key("edges");
  json.begin_array();
  for (std::size_t i = 0; i < shown; ++i) {
    json.begin_object();
    json.member("influencer", source.graph->external_id(edges[i].influencer));
    json.member("listener", source.graph->external_id(edges[i].listener));
    json.member("weight", static_cast<double>(edges[i].weight));
    json.member("attention", edges[i].attention);
    json.end_object();
  }
  json.end_array();
  json.member("edges_between", edges.size());  // That there are between these nodes.
  end_graph_answer(json, *source.graph, list.moment.as_of, list.snapshot->number());
  Response response;
  response.body = std::move(json).take();
  return response;
}

}  // namespace grapevine
