#include <algorithm>

#include "api/encode/propagation_result.hpp"
#include "api/error.hpp"
#include "api/execute/restricted.hpp"
#include "api/execute/stopwatch.hpp"
#include "api/parse/propagation_query.hpp"
#include "api/plan/people.hpp"
#include "api/routes/propagation.hpp"
#include "kernels/graph/vertex_mask.hpp"
#include "kernels/propagation/choose_seeds.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

using Mask = std::vector<std::uint64_t>;

bool nobody(const Mask& mask) {
  return std::all_of(mask.begin(), mask.end(), [](std::uint64_t word) { return word == 0; });
}

absl::StatusOr<Mask> find_mask(const SegmentName& segment, const GraphSource& source,
                               const Context& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(const auto members, find_members(segment, source, context));
  Mask mask = mask_of_customers(source.graph->listening(), members);
  if (!nobody(mask)) return mask;
  const std::string detail = "no member of the segment is in a social event: " + segment.name;
  return problem(ErrorCode::Unprocessable, detail, {{segment.pointer, detail}});
}

// Takes people out of a mask; an empty one, which means everyone, is filled first.
void take_out(const Mask& people, std::size_t vertices, Mask& mask) {
  if (mask.empty()) {
    mask.assign(mask_words(vertices), ~std::uint64_t{0});
    if (vertices % 64 != 0) mask.back() = (std::uint64_t{1} << (vertices % 64)) - 1;
  }
  for (std::size_t w = 0; w < mask.size(); ++w) mask[w] &= ~people[w];
}

// Who may be a seed; empty: everyone. People whose processing is restricted are named nowhere.
absl::StatusOr<Mask> find_candidates(const SeedsQuery& query, const GraphSource& source,
                                     const Context& context) {
  Mask mask;
  if (query.candidates) {
    GRAPEVINE_ASSIGN_OR_RETURN(mask, find_mask(*query.candidates, source, context));
  }
  const ListenGraph& graph = source.graph->listening();
  GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet restricted,
                             restricted_customers(*source.snapshot, context.stop));
  if (!restricted.empty()) {
    take_out(mask_of_customers(graph, restricted.words()), graph.vertices(), mask);
  }
  if (!query.exclude.empty()) {
    GRAPEVINE_ASSIGN_OR_RETURN(const NamedPeople excluded,
                               find_people(query.exclude, "/exclude", source));
    Mask named(mask_words(graph.vertices()));
    for (const Vertex v : excluded.vertices) named[v / 64] |= std::uint64_t{1} << (v % 64);
    take_out(named, graph.vertices(), mask);
  }
  if (mask.empty()) return mask;
  if (!nobody(mask)) return mask;
  const std::string detail = "nobody is left who may be a seed";
  return problem(ErrorCode::Unprocessable, detail,
                 {{query.exclude.empty() ? "/candidates" : "/exclude", detail}});
}

// A kernel's refusal, in words of the request.
absl::Status explain(const absl::Status& failed) {
  if (failed.code() != absl::StatusCode::kResourceExhausted) return failed;
  const std::string detail =
      "so close a certificate needs more memory than one answer may take: choose a larger epsilon "
      "or delta";
  return problem(ErrorCode::Unprocessable, detail, {{"/epsilon", detail}});
}

}  // namespace

absl::StatusOr<Response> choose_wom_seeds(const Request& request, const Context& context) {
  const Stopwatch watch;
  GRAPEVINE_ASSIGN_OR_RETURN(const SeedsQuery query, parse_seeds_query(request.body));
  GRAPEVINE_ASSIGN_OR_RETURN(const GraphSource source, open_graph(query.moment, context));
  const ListenGraph& graph = source.graph->listening();
  if (graph.vertices() == 0) {
    return problem(ErrorCode::Unprocessable, "no social event was stored yet: nobody to tell");
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const Mask candidates, find_candidates(query, source, context));
  Mask audience;
  if (query.audience) {
    GRAPEVINE_ASSIGN_OR_RETURN(audience, find_mask(*query.audience, source, context));
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const auto probabilities,
                             source.graph->probabilities(query.probability));

  ChooseSeedsOptions options;
  options.k = query.k;
  options.epsilon = query.epsilon;
  options.delta = query.delta;
  options.candidates = candidates;
  options.audience = audience;
  options.random_seed = query.random_seed;
  const auto choice = choose_seeds(graph, probabilities->from_influencers, options, context.stop);
  if (!choice.ok()) return explain(choice.status());

  Response response;
  response.body = encode_seeds(*choice, {source, query.random_seed, watch.elapsed_ms()});
  return response;
}

}  // namespace grapevine
