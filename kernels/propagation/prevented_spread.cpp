#include "kernels/propagation/prevented_spread.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/propagation/chance.hpp"
#include "kernels/propagation/dominators.hpp"
#include "kernels/propagation/fused_runs.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kVerticesPerBlock = 8192;

// An edge, and the runs of a block in which it is alive.
struct LiveEdge {
  Vertex from = 0;
  Vertex to = 0;
  std::uint64_t runs = 0;
};

struct Scratch {
  explicit Scratch(std::size_t vertices) : runs(vertices), node(vertices), prevented(vertices) {}

  FusedRuns runs;
  std::vector<LiveEdge> live;
  std::vector<std::uint32_t> node;  // By vertex touched: in the flow graphs of this block's runs.
  std::vector<std::size_t> begin;   // By run: of its edges.
  std::vector<DominatorTree::Edge> edges;
  DominatorTree tree;
  std::vector<std::uint64_t> saved;           // By place in a tree.
  std::vector<std::uint64_t> node_weight;     // By node of this block,
  std::vector<std::uint64_t> node_prevented;  // since these are near each other in memory.
  std::vector<std::uint64_t> prevented;       // By vertex.
};

// Lets the outbreak go through 64 runs and notes the edges that live among those reached.
void draw_live_edges(const Outbreak& outbreak, const std::vector<bool>& blocked, std::uint64_t key,
                     std::uint64_t all, Scratch& scratch) {
  FusedRuns& runs = scratch.runs;
  runs.clear();
  scratch.live.clear();
  for (const Vertex v : outbreak.spreading) runs.reach(v, all);
  runs.spread(
      outbreak.graph, 0,
      [&](Vertex influencer, std::size_t edge, Vertex listener, std::uint64_t speaking) {
        if (blocked[listener]) return std::uint64_t{0};
        const std::uint64_t alive = outbreak.edges.alive(key, influencer, edge, speaking);
        if (alive != 0) scratch.live.push_back({influencer, listener, alive});
        return alive;
      },
      [&](Vertex listener, std::uint64_t newly) { runs.reach(listener, newly); });
}

// Deals the edges out to their runs; all who spread are one node, the root.
void group_by_run(const Outbreak& outbreak, Scratch& scratch) {
  std::uint32_t nodes = 0;
  for (const Vertex v : scratch.runs.touched()) scratch.node[v] = ++nodes;
  for (const Vertex v : outbreak.spreading) scratch.node[v] = 0;
  scratch.begin.assign(kRunsPerBlock + 1, 0);
  for (const LiveEdge& edge : scratch.live) {
    for (std::uint64_t rest = edge.runs; rest != 0; rest &= rest - 1) {
      ++scratch.begin[static_cast<std::size_t>(std::countr_zero(rest))];
    }
  }
  for (std::size_t run = 0; run != kRunsPerBlock; ++run) {
    scratch.begin[run + 1] += scratch.begin[run];
  }
  scratch.edges.resize(scratch.begin[kRunsPerBlock]);
  for (const LiveEdge& edge : scratch.live) {
    const DominatorTree::Edge one{scratch.node[edge.from], scratch.node[edge.to]};
    for (std::uint64_t rest = edge.runs; rest != 0; rest &= rest - 1) {
      scratch.edges[--scratch.begin[static_cast<std::size_t>(std::countr_zero(rest))]] = one;
    }
  }
}

// Whoever is below someone in the dominator tree of a run would not be reached without them.
void add_prevented(std::size_t run, Scratch& scratch) {
  const std::size_t begin = scratch.begin[run];
  const std::size_t count = scratch.begin[run + 1] - begin;
  if (count == 0) return;
  scratch.tree.build(scratch.node_weight.size(), std::span(scratch.edges).subspan(begin, count));
  const std::span<const std::uint32_t> preorder = scratch.tree.preorder();
  scratch.saved.assign(preorder.size(), 0);
  for (std::size_t place = preorder.size(); place-- > 1;) {
    const std::uint32_t node = preorder[place];
    scratch.saved[place] += scratch.node_weight[node];
    scratch.node_prevented[node] += scratch.saved[place];
    scratch.saved[scratch.tree.dominator_place(place)] += scratch.saved[place];
  }
}

// Adds up what the runs of a block say.
void add_block(std::span<const std::uint64_t> weights, const Stop& stop, Scratch& scratch) {
  const std::span<const Vertex> touched = scratch.runs.touched();
  scratch.node_prevented.assign(touched.size() + 1, 0);
  scratch.node_weight.assign(1, 0);
  for (const Vertex v : touched) scratch.node_weight.push_back(weights[v]);
  for (std::size_t run = 0; run != kRunsPerBlock; ++run) {
    if (stop.requested()) return;
    add_prevented(run, scratch);
  }
  for (std::size_t i = 0; i != touched.size(); ++i) {
    scratch.prevented[touched[i]] += scratch.node_prevented[i + 1];
  }
}

std::uint64_t runs_of_block(std::size_t block, std::size_t count) {
  const std::size_t left = count - block * kRunsPerBlock;
  return ~std::uint64_t{0} >> (kRunsPerBlock - std::min(left, kRunsPerBlock));
}

}  // namespace

std::vector<std::uint64_t> whole_values(std::span<const double> values, std::size_t vertices) {
  std::vector<std::uint64_t> weights(vertices, 1);
  if (values.empty()) return weights;
  // Relative to the largest first: neither tiny nor huge values leave the range of normal numbers.
  const double largest = std::max(std::ranges::max(values), 1e-300);
  double sum = 0.0;
  for (const double value : values) sum += value / largest;
  for (std::size_t v = 0; v != vertices; ++v) {
    weights[v] = sum == 0.0 ? 0 : static_cast<std::uint64_t>(values[v] / largest / sum * 0x1p40);
  }
  return weights;
}

std::vector<std::uint64_t> prevented_by_each(const Outbreak& outbreak,
                                             std::span<const std::uint64_t> weights,
                                             const std::vector<bool>& blocked, std::size_t samples,
                                             std::uint64_t random_seed, const Stop& stop) {
  const std::size_t n = outbreak.graph.vertices();
  WorkerLocal<Scratch> scratch([n] { return Scratch(n); });
  for_each(blocks_of(samples, kRunsPerBlock), [&](std::size_t block) {
    if (stop.requested()) return;
    Scratch& mine = scratch.mine();
    draw_live_edges(outbreak, blocked, block_key(random_seed, block), runs_of_block(block, samples),
                    mine);
    group_by_run(outbreak, mine);
    add_block(weights, stop, mine);
  });
  std::vector<std::uint64_t> prevented(n);
  scratch.for_each_made([&](const Scratch& one) {
    for_each_block(n, kVerticesPerBlock, [&](std::size_t begin, std::size_t end) {
      for (std::size_t v = begin; v != end; ++v) prevented[v] += one.prevented[v];
    });
  });
  return prevented;
}

}  // namespace grapevine
