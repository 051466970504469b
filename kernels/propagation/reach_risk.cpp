#include "kernels/propagation/reach_risk.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/propagation/chance.hpp"
#include "kernels/propagation/fused_runs.hpp"
#include "kernels/propagation/live_edge_words.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kVerticesPerBlock = 8192;

struct Scratch {
  FusedRuns runs;
  std::vector<std::uint32_t> reached;
};

}  // namespace

double ReachRisk::probability(Vertex v) const {
  return static_cast<double>(reached[v]) / static_cast<double>(simulations);
}

double ReachRisk::standard_error(Vertex v) const {
  if (simulations < 2) return 0.0;
  const double p = probability(v);
  return std::sqrt(p * (1.0 - p) / static_cast<double>(simulations - 1));
}

absl::StatusOr<ReachRisk> reach_risk(const ListenGraph& graph, std::span<const float> probabilities,
                                     std::span<const Vertex> spreading,
                                     const ReachRiskOptions& options, const Stop& stop) {
  const std::size_t n = graph.vertices();
  if (options.simulations == 0) return absl::InvalidArgumentError("simulations is 0");
  if (options.simulations > std::numeric_limits<std::uint32_t>::max()) {
    return absl::InvalidArgumentError("simulations is 2^32 or more");
  }
  if (std::ranges::any_of(spreading, [n](Vertex v) { return v >= n; })) {
    return absl::InvalidArgumentError("someone who spreads is not in the graph");
  }
  const auto edges = LiveEdgeWords::make(graph, probabilities, options.model);
  if (!edges.ok()) return edges.status();

  WorkerLocal<Scratch> scratch([n] {
    return Scratch{FusedRuns(n), std::vector<std::uint32_t>(n)};
  });
  for_each(blocks_of(options.simulations, kRunsPerBlock), [&](std::size_t block) {
    if (stop.requested()) return;
    const std::uint64_t key = block_key(options.random_seed, block);
    const std::size_t left = options.simulations - block * kRunsPerBlock;
    const std::uint64_t all = ~std::uint64_t{0} >> (kRunsPerBlock - std::min(left, kRunsPerBlock));
    auto& [runs, reached] = scratch.mine();
    runs.clear();
    for (const Vertex v : spreading) runs.reach(v, all);
    runs.spread(
        graph, options.horizon,
        [&](Vertex influencer, std::size_t edge, Vertex listener, std::uint64_t speaking) {
          const std::uint64_t asked = speaking & ~runs.reached(listener);
          return asked == 0 ? 0 : edges->alive(key, influencer, edge, asked);
        },
        [&](Vertex listener, std::uint64_t newly) { runs.reach(listener, newly); });
    for (const Vertex v : runs.touched()) {
      reached[v] += static_cast<std::uint32_t>(std::popcount(runs.reached(v)));
    }
  });
  if (stop.requested()) return absl::CancelledError();

  ReachRisk risk{std::vector<std::uint32_t>(n), options.simulations};
  scratch.for_each_made([&](const Scratch& one) {
    for_each_block(n, kVerticesPerBlock, [&](std::size_t begin, std::size_t end) {
      for (std::size_t v = begin; v != end; ++v) risk.reached[v] += one.reached[v];
    });
  });
  for (const Vertex v : spreading) risk.reached[v] = 0;
  return risk;
}

}  // namespace grapevine
