#include "kernels/propagation/live_in_edges.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "kernels/parallel/exclusive_scan.hpp"
#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kListenersPerBlock = 1024;
// Below this many edges, or where more than one in four is proposed, a coin for each costs less
// than logarithms.
constexpr std::uint32_t kJumpDegreeMin = 12;
constexpr double kProposedMax = 0.25;
// Of an edge that is alive for certain: the chance that it is not proposed is below 2^-57.
constexpr double kHazardMax = 40.0;
constexpr std::size_t kEdgesPerLine = 16;

// Floats that are not negative are in the order of their bits, and whole numbers have fast maxima.
float highest_of(std::span<const float> probabilities) {
  std::uint32_t highest = 0;
  for (const float probability : probabilities) {
    highest = std::max(highest, std::bit_cast<std::uint32_t>(probability));
  }
  return std::bit_cast<float>(highest);
}

}  // namespace

LiveInEdges::LiveInEdges(const ListenGraph& graph, std::span<const float> probabilities,
                         CascadeModel model)
    : influencers_(graph.influencers.neighbors.data()),
      probabilities_(probabilities),
      model_(model),
      listeners_(graph.vertices()) {
  const std::uint32_t degree_min = model == CascadeModel::LinearThreshold ? 1 : kJumpDegreeMin;
  std::vector<std::uint32_t> first_chunk(listeners_.size());
  for_each_block(listeners_.size(), kListenersPerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t v = begin; v != end; ++v) {
      const auto degree =
          static_cast<std::uint32_t>(graph.influencers.degree(static_cast<Vertex>(v)));
      first_chunk[v] = degree < degree_min ? 0 : (degree + kEdgesPerChunk - 1) / kEdgesPerChunk;
      listeners_[v] = {graph.influencers.offsets[v], degree, kNoChunks};
    }
  });
  chunks_.resize(exclusive_scan(std::span(first_chunk)));
  for_each_block(listeners_.size(), kListenersPerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t v = begin; v != end; ++v) {
      Listener& listener = listeners_[v];
      if (listener.degree < degree_min) continue;
      listener.chunk = first_chunk[v];
      if (model == CascadeModel::LinearThreshold) {
        add_up_weights(listener);
      } else {
        bound_chances(listener);
      }
    }
  });
}

void LiveInEdges::bound_chances(Listener& listener) {
  Chunk* chunk = chunks_.data() + listener.chunk;
  double hazard = 0.0;
  double proposed = 0.0;
  for (std::uint32_t edge = 0; edge < listener.degree; edge += kEdgesPerChunk, ++chunk) {
    const std::uint32_t count = std::min(kEdgesPerChunk, listener.degree - edge);
    const double highest = highest_of(probabilities_.subspan(listener.begin + edge, count));
    hazard += std::min(-std::log1p(-highest), kHazardMax) * count;
    proposed += highest * count;
    *chunk = {hazard, highest};
  }
  if (proposed > kProposedMax * listener.degree) listener.chunk = kNoChunks;
}

void LiveInEdges::add_up_weights(const Listener& listener) {
  Chunk* chunk = chunks_.data() + listener.chunk;
  double weight = 0.0;
  for (std::uint32_t edge = 0; edge < listener.degree; edge += kEdgesPerChunk, ++chunk) {
    const std::uint32_t count = std::min(kEdgesPerChunk, listener.degree - edge);
    for (const float one : probabilities_.subspan(listener.begin + edge, count)) {
      weight += static_cast<double>(one);  // In the order of `settle`, so that sums agree.
    }
    chunk->end = weight;
  }
}

void LiveInEdges::ask_for_edges(std::size_t edge, std::uint32_t count) const {
  for (std::size_t i = edge; i < edge + count; i += kEdgesPerLine) {
    __builtin_prefetch(influencers_ + i);
    __builtin_prefetch(probabilities_.data() + i);
  }
}

// A Poisson process along the edges, each as long as its chunk's hazard: the edges it hits are
// those of independent coins with the chunk's highest chance.
void LiveInEdges::propose_jumps(const Listener& listener, std::uint64_t stream,
                                std::vector<Proposal>& proposals) const {
  const Chunk* const first = chunks_.data() + listener.chunk;
  const Chunk* const last = first + (listener.degree - 1) / kEdgesPerChunk;
  const Chunk* chunk = first;
  double at = 0.0;
  for (std::uint64_t number = 0;; number += 2) {
    // In (0, 1], so that its logarithm is finite.
    const double uniform = (static_cast<double>(draw_bits(stream, number) >> 11) + 1.0) * 0x1p-53;
    at -= std::log(uniform);
    if (!(at < last->end)) return;
    chunk = std::partition_point(chunk, last, [at](const Chunk& one) { return one.end <= at; });
    const double begin = chunk == first ? 0.0 : chunk[-1].end;
    const std::uint32_t before = static_cast<std::uint32_t>(chunk - first) * kEdgesPerChunk;
    const double count = std::min(kEdgesPerChunk, listener.degree - before);
    const double hazard = (chunk->end - begin) / count;
    const double inside = std::min(std::floor((at - begin) / hazard), count - 1.0);
    const std::size_t edge = listener.begin + before + static_cast<std::size_t>(inside);
    proposals.push_back({edge, draw_bits(stream, number + 1), chunk->highest, 0});
    __builtin_prefetch(influencers_ + edge);
    __builtin_prefetch(probabilities_.data() + edge);
    at = begin + (inside + 1.0) * hazard;
  }
}

// At most one edge lives: the one in whose part of [0, 1) a number falls.
void LiveInEdges::propose_step(const Listener& listener, std::uint64_t stream,
                               std::vector<Proposal>& proposals) const {
  if (listener.degree == 0) return;
  const std::uint64_t bits = draw_bits(stream, 0);
  const double drawn = static_cast<double>(bits >> 11) * 0x1p-53;
  const Chunk* const first = chunks_.data() + listener.chunk;
  const Chunk* const last = first + (listener.degree - 1) / kEdgesPerChunk;
  if (!(drawn < last->end)) return;
  const Chunk* const chunk =
      std::partition_point(first, last, [drawn](const Chunk& one) { return one.end <= drawn; });
  const std::uint32_t before = static_cast<std::uint32_t>(chunk - first) * kEdgesPerChunk;
  const std::uint32_t count = std::min(kEdgesPerChunk, listener.degree - before);
  proposals.push_back({listener.begin + before, bits, chunk == first ? 0.0 : chunk[-1].end, count});
  ask_for_edges(listener.begin + before, count);
}

void LiveInEdges::propose(Vertex listener, std::uint64_t stream,
                          std::vector<Proposal>& proposals) const {
  const Listener& edges = listeners_[listener];
  if (model_ == CascadeModel::LinearThreshold) return propose_step(edges, stream, proposals);
  if (edges.chunk != kNoChunks) return propose_jumps(edges, stream, proposals);
  if (edges.degree == 0) return;
  proposals.push_back({edges.begin, stream, 0.0, edges.degree});
  ask_for_edges(edges.begin, std::min(edges.degree, kEdgesPerChunk));
}

}  // namespace grapevine
