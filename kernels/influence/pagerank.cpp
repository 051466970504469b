#include "kernels/influence/pagerank.hpp"

#include <cmath>
#include <utility>

#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

// Work of one task of a sweep, in edges and vertices: a few ten microseconds.
constexpr std::size_t kWorkPerBlock = 16 * 1024;

// Cuts the vertices where the edges before them cross multiples of a block's work: hubs make short
// blocks.
std::vector<Vertex> balanced_blocks(const Adjacency& edges) {
  std::vector<Vertex> begins{0};
  const std::size_t n = edges.offsets.size() - 1;
  std::size_t next = kWorkPerBlock;
  for (std::size_t v = 1; v < n; ++v) {
    if (edges.offsets[v] + v < next) continue;
    begins.push_back(static_cast<Vertex>(v));
    next = edges.offsets[v] + v + kWorkPerBlock;
  }
  begins.push_back(static_cast<Vertex>(n));
  return begins;
}

// The sum of weight x vote over one influencer's listeners. Four sums, because one waits for
// itself.
double gather(const Vertex* listeners, const float* weights, std::size_t count,
              const double* vote) {
  double sum[4] = {0.0, 0.0, 0.0, 0.0};
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    for (std::size_t lane = 0; lane != 4; ++lane) {
      sum[lane] += static_cast<double>(weights[i + lane]) * vote[listeners[i + lane]];
    }
  }
  for (; i != count; ++i) sum[0] += static_cast<double>(weights[i]) * vote[listeners[i]];
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

struct SweepSum {
  double change = 0.0;
  double idle = 0.0;  // Attention of those who listen to nobody.
};

// One listener's attention divided by the weights into them, so that what they pass on is all they
// have.
std::vector<double> passed_per_weight(const Adjacency& influencers) {
  std::vector<double> per_weight(influencers.offsets.size() - 1);
  for_each_block(per_weight.size(), kWorkPerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t v = begin; v != end; ++v) {
      double sum = 0.0;
      for (const float weight : influencers.weights_of(static_cast<Vertex>(v))) {
        sum += static_cast<double>(weight);
      }
      per_weight[v] = sum > 0.0 ? 1.0 / sum : 0.0;
    }
  });
  return per_weight;
}

}  // namespace

absl::StatusOr<PagerankResult> pagerank(const ListenGraph& graph, const PagerankOptions& options,
                                        const Stop& stop) {
  if (!(options.damping >= 0.0 && options.damping < 1.0)) {
    return absl::InvalidArgumentError("damping is not in [0, 1)");
  }
  if (!(options.tolerance > 0.0)) return absl::InvalidArgumentError("tolerance is not above 0");
  if (options.sweeps_max == 0) return absl::InvalidArgumentError("sweeps_max is 0");
  PagerankResult result;
  const std::size_t n = graph.vertices();
  if (n == 0) return result;

  const auto people = static_cast<double>(n);
  const Adjacency& listeners = graph.listeners;
  const std::vector<Vertex> blocks = balanced_blocks(listeners);
  const std::vector<double> per_weight = passed_per_weight(graph.influencers);
  std::vector<double> vote(n);
  std::vector<double> next_vote(n);
  result.scores.assign(n, 1.0 / people);
  double idle = 0.0;
  for (std::size_t v = 0; v != n; ++v) {
    vote[v] = per_weight[v] / people;
    if (per_weight[v] == 0.0) idle += 1.0 / people;
  }

  // Pull, not push: a task writes only its own people, so a sweep needs no atomics.
  std::vector<SweepSum> sums(blocks.size() - 1);
  while (result.sweeps != options.sweeps_max) {
    if (stop.requested()) return absl::CancelledError();
    const double base = ((1.0 - options.damping) + options.damping * idle) / people;
    for_each(sums.size(), [&](std::size_t block) {
      SweepSum sum;
      for (std::size_t v = blocks[block]; v != blocks[block + 1]; ++v) {
        const std::size_t begin = listeners.offsets[v];
        const double heard =
            gather(listeners.neighbors.data() + begin, listeners.weights.data() + begin,
                   listeners.offsets[v + 1] - begin, vote.data());
        const double score = base + options.damping * heard;
        sum.change += std::abs(score - std::exchange(result.scores[v], score));
        sum.idle += per_weight[v] == 0.0 ? score : 0.0;
        next_vote[v] = score * per_weight[v];
      }
      sums[block] = sum;
    });
    std::swap(vote, next_vote);
    ++result.sweeps;
    SweepSum total;  // In the order of blocks: the same bits for any number of threads.
    for (const SweepSum& sum : sums) {
      total.change += sum.change;
      total.idle += sum.idle;
    }
    idle = total.idle;
    result.change = total.change;
    if (total.change < options.tolerance) return result;
  }
  return absl::ResourceExhaustedError("PageRank has not converged after sweeps_max sweeps");
}

}  // namespace grapevine
