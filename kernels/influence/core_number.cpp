#include "kernels/influence/core_number.hpp"

#include <algorithm>
#include <utility>

#include "kernels/graph/undirected.hpp"
#include "kernels/parallel/exclusive_scan.hpp"
#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kPeoplePerBlock = 2048;

// Everyone a person is tied to, in either direction, once.
struct Ties {
  std::vector<std::size_t> offsets;
  std::vector<Vertex> neighbors;
};

Ties merge_directions(const ListenGraph& graph) {
  const std::size_t n = graph.vertices();
  Ties ties{std::vector<std::size_t>(n + 1), {}};
  for_each_block(n, kPeoplePerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t v = begin; v != end; ++v) {
      for_each_tie(graph, static_cast<Vertex>(v), [&](Vertex, double) { ++ties.offsets[v]; });
    }
  });
  ties.neighbors.resize(exclusive_scan(std::span(ties.offsets)));
  for_each_block(n, kPeoplePerBlock, [&](std::size_t begin, std::size_t end) {
    std::size_t next = ties.offsets[begin];
    for (std::size_t v = begin; v != end; ++v) {
      for_each_tie(graph, static_cast<Vertex>(v),
                   [&](Vertex neighbor, double) { ties.neighbors[next++] = neighbor; });
    }
  });
  return ties;
}

// The people ordered by their number of remaining ties, with the place of each and where each
// number begins: taking a tie away moves one person to the front of their bucket and the bucket's
// begin past them.
struct Buckets {
  std::vector<Vertex> order;
  std::vector<Vertex> place;
  std::vector<Vertex> begin;
};

Buckets bucket_by(std::span<const std::uint32_t> degree) {
  const std::uint32_t degree_max = degree.empty() ? 0 : *std::ranges::max_element(degree);
  Buckets buckets{std::vector<Vertex>(degree.size()), std::vector<Vertex>(degree.size()),
                  std::vector<Vertex>(std::size_t{degree_max} + 2)};
  for (const std::uint32_t d : degree) ++buckets.begin[d + 1];
  for (std::size_t d = 1; d < buckets.begin.size(); ++d) buckets.begin[d] += buckets.begin[d - 1];
  std::vector<Vertex> next = buckets.begin;
  for (std::size_t v = 0; v != degree.size(); ++v) {
    buckets.place[v] = next[degree[v]]++;
    buckets.order[buckets.place[v]] = static_cast<Vertex>(v);
  }
  return buckets;
}

}  // namespace

absl::StatusOr<std::vector<std::uint32_t>> core_number(const ListenGraph& graph, const Stop& stop) {
  const Ties ties = merge_directions(graph);
  std::vector<std::uint32_t> core(
      graph.vertices());  // Remaining ties, until a person is taken away.
  for (std::size_t v = 0; v != core.size(); ++v) {
    core[v] = static_cast<std::uint32_t>(ties.offsets[v + 1] - ties.offsets[v]);
  }
  Buckets buckets = bucket_by(core);
  for (std::size_t i = 0; i != core.size(); ++i) {
    if (i % kPeoplePerBlock == 0 && stop.requested()) return absl::CancelledError();
    const Vertex v = buckets.order[i];  // Whoever has the fewest ties left; no one left has fewer.
    for (std::size_t edge = ties.offsets[v]; edge != ties.offsets[v + 1]; ++edge) {
      const Vertex u = ties.neighbors[edge];
      if (core[u] <= core[v]) continue;  // Taken away before, or as loosely tied as v.
      const Vertex front_place = buckets.begin[core[u]]++;
      const Vertex front = buckets.order[front_place];
      std::swap(buckets.order[front_place], buckets.order[buckets.place[u]]);
      std::swap(buckets.place[front], buckets.place[u]);
      --core[u];
    }
  }
  return core;
}

}  // namespace grapevine
