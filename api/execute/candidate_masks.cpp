#include "api/execute/candidate_masks.hpp"

#include <algorithm>
#include <string>

#include "api/error.hpp"
#include "api/execute/restricted.hpp"
#include "kernels/graph/vertex_mask.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

bool is_nobody(const PeopleMask& mask) {
  return std::all_of(mask.begin(), mask.end(), [](std::uint64_t word) { return word == 0; });
}

absl::StatusOr<PeopleMask> mask_of_segment(const SegmentName& segment, const GraphSource& source,
                                           const Context& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(const auto members, find_members(segment, source, context));
  PeopleMask mask = mask_of_customers(source.graph->listening(), members);
  if (!is_nobody(mask)) return mask;
  const std::string detail = "no member of the segment is in a social event: " + segment.name;
  return problem(ErrorCode::Unprocessable, detail, {{segment.pointer, detail}});
}

void take_out(const PeopleMask& people, std::size_t vertices, PeopleMask& mask) {
  if (mask.empty()) {
    mask.assign(mask_words(vertices), ~std::uint64_t{0});
    if (vertices % 64 != 0) mask.back() = (std::uint64_t{1} << (vertices % 64)) - 1;
  }
  for (std::size_t w = 0; w < mask.size(); ++w) mask[w] &= ~people[w];
}

absl::StatusOr<PeopleMask> mask_of_candidates(const std::optional<SegmentName>& candidates,
                                              const CustomerIds& exclude, const GraphSource& source,
                                              const Context& context) {
  PeopleMask mask;
  if (candidates) {
    GRAPEVINE_ASSIGN_OR_RETURN(mask, mask_of_segment(*candidates, source, context));
  }
  const ListenGraph& graph = source.graph->listening();
  GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet restricted,
                             restricted_customers(*source.snapshot, context.stop));
  if (!restricted.empty()) {
    take_out(mask_of_customers(graph, restricted.words()), graph.vertices(), mask);
  }
  if (!exclude.empty()) {
    GRAPEVINE_ASSIGN_OR_RETURN(const NamedPeople excluded,
                               find_people(exclude, "/exclude", source));
    PeopleMask named(mask_words(graph.vertices()));
    for (const Vertex v : excluded.vertices) named[v / 64] |= std::uint64_t{1} << (v % 64);
    take_out(named, graph.vertices(), mask);
  }
  if (mask.empty() || !is_nobody(mask)) return mask;
  const std::string detail = "nobody is left who may be chosen";
  return problem(ErrorCode::Unprocessable, detail,
                 {{exclude.empty() ? "/candidates" : "/exclude", detail}});
}

}  // namespace grapevine
