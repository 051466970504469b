#include "kernels/graph/connected.hpp"

#include <cstddef>
#include <span>

#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

constexpr Vertex kNone = 0xFFFF'FFFF;

// Up to two members who are near a vertex. Two are enough for everyone: of two different ones, one
// is somebody else.
struct Near {
  Vertex one = kNone;
  Vertex other = kNone;

  [[nodiscard]] bool is_full() const { return other != kNone; }
  void add(Vertex member) {
    if (member == kNone || member == one || is_full()) return;
    (one == kNone ? one : other) = member;
  }
  void add(const Near& near) {
    add(near.one);
    add(near.other);
  }
  [[nodiscard]] bool has_other_than(Vertex v) const {
    return is_full() || (one != kNone && one != v);
  }
};

void add_neighbors(const Adjacency& ties, Vertex v, std::span<const Near> before, Near& near) {
  for (const Vertex neighbor : ties.of(v)) {
    if (near.is_full()) return;
    near.add(before[neighbor]);
  }
}

}  // namespace

absl::StatusOr<std::vector<std::uint64_t>> connected_people(const ListenGraph& graph,
                                                            VertexMask members, int hops,
                                                            TieDirection direction,
                                                            const Stop& stop) {
  constexpr std::size_t kVerticesPerTask = 4096;
  const std::size_t n = graph.vertices();
  std::vector<Near> near(n);
  for (Vertex v = 0; v < n; ++v) {
    if (mask_has(members, v)) near[v].one = v;
  }
  for (int hop = 0; hop < hops; ++hop) {
    std::vector<Near> next = near;
    for_each_block(n, kVerticesPerTask, [&](std::size_t begin, std::size_t end) {
      if (stop.requested()) return;
      for (auto v = static_cast<Vertex>(begin); v < end; ++v) {
        if (direction != TieDirection::Influences) {
          add_neighbors(graph.influencers, v, near, next[v]);
        }
        if (direction != TieDirection::InfluencedBy) {
          add_neighbors(graph.listeners, v, near, next[v]);
        }
      }
    });
    near = std::move(next);
  }
  if (stop.requested()) return absl::CancelledError("stopped while following ties");
  std::vector<std::uint64_t> connected(mask_words(n));
  for (Vertex v = 0; v < n; ++v) {
    if (near[v].has_other_than(v)) connected[v / 64] |= std::uint64_t{1} << (v % 64);
  }
  return connected;
}

}  // namespace grapevine
