#include "kernels/influence/pagerank.hpp"

#include <cmath>
#include <span>
#include <utility>

#include "kernels/parallel/exclusive_scan.hpp"
#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

// Work of one task of a sweep, in edges and people: some 20 microseconds, so that threads end together.
constexpr std::size_t kWorkPerBlock = 4096;

// Cuts the people where the edges before them cross multiples of a block's work: hubs make short blocks.
std::vector<std::size_t> balanced_blocks(std::span<const std::size_t> offsets) {
  std::vector<std::size_t> begins{0};
  const std::size_t n = offsets.size() - 1;
  std::size_t next = kWorkPerBlock;
  for (std::size_t i = 1; i < n; ++i) {
    if (offsets[i] + i < next) continue;
    begins.push_back(i);
    next = offsets[i] + i + kWorkPerBlock;
  }
  begins.push_back(n);
  return begins;
}

// The sum of weight x vote over one influencer's listeners. Four sums, because one waits for itself.
inline double gather(const Vertex* listeners, const float* weights, std::size_t count,
                     const double* vote) {
  const auto term = [=](std::size_t i) {
    return static_cast<double>(weights[i]) * vote[listeners[i]];
  };
  double a = 0.0;
  double b = 0.0;
  double c = 0.0;
  double d = 0.0;
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    a += term(i);
    b += term(i + 1);
    c += term(i + 2);
    d += term(i + 3);
  }
  for (; i != count; ++i) a += term(i);
  return (a + b) + (c + d);
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

// What a sweep reads. Those to whom nobody listens all have the same score: in social data that is four in
// five people. Where they are many, the sweep leaves them out: `graph` is then cut down to the others, and
// `quiet_weight` says how much attention each of these gets from listeners whom nobody hears.
struct Sweep {
  std::span<const std::size_t> offsets;
  std::span<const Vertex> listeners;
  std::span<const float> weights;
  std::vector<double> per_weight;    // Of everyone in the sweep.
  std::vector<double> quiet_weight;  // Times the score of the quiet: attention from them.
  std::vector<Vertex> people;        // Vertices; empty: everyone is in the sweep.
  double quiet = 0.0;                // People left out,
  double quiet_idle = 0.0;           // and of these, those who listen to nobody.
  Adjacency kept;                    // What the spans show if not the graph's own arrays.
};

Sweep whole_sweep(const ListenGraph& graph, std::vector<double> per_weight) {
  const std::size_t n = graph.vertices();
  return {.offsets = graph.listeners.offsets,
          .listeners = graph.listeners.neighbors,
          .weights = graph.listeners.weights,
          .per_weight = std::move(per_weight),
          .quiet_weight = std::vector<double>(n),
          .people = {},
          .kept = {}};
}

Sweep heard_sweep(const ListenGraph& graph, const std::vector<double>& per_weight) {
  const Adjacency& listeners = graph.listeners;
  const std::size_t n = graph.vertices();
  std::vector<Vertex> place(n + 1);  // In the sweep: how many of the smaller vertices are heard.
  Sweep sweep;
  for (std::size_t v = 0; v != n; ++v) {
    place[v] = static_cast<Vertex>(sweep.people.size());
    if (listeners.degree(static_cast<Vertex>(v)) > 0) {
      sweep.people.push_back(static_cast<Vertex>(v));
      sweep.per_weight.push_back(per_weight[v]);
    } else {
      sweep.quiet += 1.0;
      sweep.quiet_idle += per_weight[v] == 0.0 ? 1.0 : 0.0;
    }
  }
  place[n] = static_cast<Vertex>(sweep.people.size());
  sweep.quiet_weight.resize(sweep.people.size());
  sweep.kept.offsets.resize(sweep.people.size() + 1);
  const auto is_heard = [&place](Vertex v) { return place[v] != place[v + 1]; };
  for_each_block(sweep.people.size(), 1024, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i != end; ++i) {
      const Vertex v = sweep.people[i];
      for (std::size_t edge = listeners.offsets[v]; edge != listeners.offsets[v + 1]; ++edge) {
        const Vertex listener = listeners.neighbors[edge];
        if (is_heard(listener)) {
          ++sweep.kept.offsets[i];
        } else {
          sweep.quiet_weight[i] +=
              static_cast<double>(listeners.weights[edge]) * per_weight[listener];
        }
      }
    }
  });
  const std::size_t edges = exclusive_scan(std::span(sweep.kept.offsets));
  sweep.kept.neighbors.resize(edges);
  sweep.kept.weights.resize(edges);
  for_each_block(sweep.people.size(), 1024, [&](std::size_t begin, std::size_t end) {
    std::size_t next = sweep.kept.offsets[begin];
    for (std::size_t i = begin; i != end; ++i) {
      const Vertex v = sweep.people[i];
      for (std::size_t edge = listeners.offsets[v]; edge != listeners.offsets[v + 1]; ++edge) {
        const Vertex listener = listeners.neighbors[edge];
        if (!is_heard(listener)) continue;
        sweep.kept.neighbors[next] = place[listener];
        sweep.kept.weights[next++] = listeners.weights[edge];
      }
    }
  });
  sweep.offsets = sweep.kept.offsets;
  sweep.listeners = sweep.kept.neighbors;
  sweep.weights = sweep.kept.weights;
  return sweep;
}

// Cutting costs about two sweeps, so it must leave out many.
Sweep plan_sweep(const ListenGraph& graph) {
  std::vector<double> per_weight = passed_per_weight(graph.influencers);
  std::size_t quiet = 0;
  for (Vertex v = 0; v != graph.vertices(); ++v) quiet += graph.listeners.degree(v) == 0 ? 1 : 0;
  return 2 * quiet > graph.vertices() ? heard_sweep(graph, per_weight)
                                      : whole_sweep(graph, std::move(per_weight));
}

struct Scores {
  std::vector<double> heard;  // Of those in the sweep.
  double quiet = 0.0;         // Of each of the others.
};

// Gathers the next scores and votes of some people from their listeners. Pull, not push: a task writes
// only its own people, so a sweep needs no atomics.
SweepSum sweep_block(const Sweep& sweep, std::size_t begin, std::size_t end, double base,
                     double damping, std::span<const double> vote, std::span<double> next_vote,
                     Scores& scores) {
  const Vertex* const listeners = sweep.listeners.data();
  const float* const weights = sweep.weights.data();
  const double* const votes = vote.data();
  double* const next_votes = next_vote.data();
  double* const heard_scores = scores.heard.data();
  const double quiet = scores.quiet;
  SweepSum sum;
  std::size_t edge = sweep.offsets[begin];
  for (std::size_t i = begin; i != end; ++i) {
    const std::size_t edge_end = sweep.offsets[i + 1];
    const double heard = sweep.quiet_weight[i] * quiet +
                         gather(listeners + edge, weights + edge, edge_end - edge, votes);
    edge = edge_end;
    const double score = base + damping * heard;
    sum.change += std::abs(score - heard_scores[i]);
    heard_scores[i] = score;
    sum.idle += sweep.per_weight[i] == 0.0 ? score : 0.0;
    next_votes[i] = score * sweep.per_weight[i];
  }
  return sum;
}

std::vector<double> spread_out(const Sweep& sweep, Scores scores, std::size_t n) {
  if (sweep.people.empty() && sweep.quiet == 0.0) return std::move(scores.heard);
  std::vector<double> all(n, scores.quiet);
  for (std::size_t i = 0; i != sweep.people.size(); ++i) all[sweep.people[i]] = scores.heard[i];
  return all;
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
  if (graph.vertices() == 0) return result;

  const auto people = static_cast<double>(graph.vertices());
  const Sweep sweep = plan_sweep(graph);
  const std::vector<std::size_t> blocks = balanced_blocks(sweep.offsets);
  const std::size_t count = sweep.per_weight.size();
  Scores scores{std::vector<double>(count, 1.0 / people), 1.0 / people};
  std::vector<double> vote(count);
  std::vector<double> next_vote(count);
  double idle = sweep.quiet_idle / people;
  for (std::size_t i = 0; i != count; ++i) {
    vote[i] = sweep.per_weight[i] / people;
    if (sweep.per_weight[i] == 0.0) idle += 1.0 / people;
  }

  std::vector<SweepSum> sums(blocks.size() - 1);
  while (result.sweeps != options.sweeps_max) {
    if (stop.requested()) return absl::CancelledError();
    const double base = ((1.0 - options.damping) + options.damping * idle) / people;
    for_each(sums.size(), [&](std::size_t block) {
      sums[block] = sweep_block(sweep, blocks[block], blocks[block + 1], base, options.damping,
                                vote, next_vote, scores);
    });
    std::swap(vote, next_vote);
    ++result.sweeps;
    result.change = sweep.quiet * std::abs(base - std::exchange(scores.quiet, base));
    idle = sweep.quiet_idle * base;
    for (const SweepSum& sum :
         sums) {  // In the order of blocks: the same bits on any number of threads.
      result.change += sum.change;
      idle += sum.idle;
    }
    if (result.change < options.tolerance) {
      result.scores = spread_out(sweep, std::move(scores), graph.vertices());
      return result;
    }
  }
  return absl::ResourceExhaustedError("PageRank has not converged after sweeps_max sweeps");
}

}  // namespace grapevine
