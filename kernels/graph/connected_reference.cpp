#include "kernels/graph/connected_reference.hpp"

#include <set>

namespace grapevine {
namespace {

bool meets_member(const ListenGraph& graph, Vertex from, VertexMask members, int hops,
                  TieDirection direction) {
  std::set<Vertex> reached{from};
  for (int hop = 0; hop < hops; ++hop) {
    std::set<Vertex> next = reached;
    for (const Vertex v : reached) {
      if (direction != TieDirection::Influences) {
        for (const Vertex u : graph.influencers.of(v)) next.insert(u);
      }
      if (direction != TieDirection::InfluencedBy) {
        for (const Vertex u : graph.listeners.of(v)) next.insert(u);
      }
    }
    reached = next;
  }
  for (const Vertex v : reached) {
    if (v != from && mask_has(members, v)) return true;
  }
  return false;
}

}  // namespace

std::vector<std::uint64_t> connected_people_reference(const ListenGraph& graph, VertexMask members,
                                                      int hops, TieDirection direction) {
  std::vector<std::uint64_t> connected(mask_words(graph.vertices()));
  for (Vertex v = 0; v < graph.vertices(); ++v) {
    if (meets_member(graph, v, members, hops, direction)) {
      connected[v / 64] |= std::uint64_t{1} << (v % 64);
    }
  }
  return connected;
}

}  // namespace grapevine
