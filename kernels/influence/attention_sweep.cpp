#include "kernels/influence/attention_sweep.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <utility>

#include "kernels/parallel/exclusive_scan.hpp"
#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

// Work of one task of a sweep, in edges and people: some 10 microseconds, so that threads end
// together.
constexpr std::size_t kWorkPerBlock = 8 * 1024;
constexpr std::size_t kPeoplePerBlock = 4096;
// Votes are asked for this many edges before they are needed.
constexpr std::size_t kEdgesAhead = 64;

// Four sums, because one waits for itself.
template <typename Term>
inline double sum_of_terms(std::size_t count, const Term& term) {
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

// The sum of weight x vote over one influencer's listeners; `ahead` of the following edges exist.
// Votes of a large graph are not in the nearest caches, and the next influencers' are asked for too.
inline double gather(const Vertex* listeners, const float* weights, std::size_t count,
                     const double* vote, bool ahead) {
  const auto term = [=](std::size_t i) {
    return static_cast<double>(weights[i]) * vote[listeners[i]];
  };
  if (!ahead) return sum_of_terms(count, term);
  return sum_of_terms(count, [=](std::size_t i) {
    __builtin_prefetch(&vote[listeners[i + kEdgesAhead]]);
    return term(i);
  });
}

// One listener's attention divided by the weights into them, so that what they pass on is all they
// have.
std::vector<double> passed_per_weight(const Adjacency& influencers) {
  std::vector<double> per_weight(influencers.offsets.size() - 1);
  for_each_block(per_weight.size(), kPeoplePerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t v = begin; v != end; ++v) {
      const auto weights = influencers.weights_of(static_cast<Vertex>(v));
      const double sum = sum_of_terms(
          weights.size(), [&](std::size_t i) { return static_cast<double>(weights[i]); });
      per_weight[v] = sum > 0.0 ? 1.0 / sum : 0.0;
    }
  });
  return per_weight;
}

std::size_t people_in(VertexMask mask, std::size_t vertices) {
  if (mask.empty()) return vertices;
  return std::accumulate(mask.begin(), mask.end(), std::size_t{0},
                         [](std::size_t sum, std::uint64_t word) {
                           return sum + static_cast<std::size_t>(std::popcount(word));
                         });
}

}  // namespace

AttentionSweep::AttentionSweep(const ListenGraph& graph, VertexMask restart, double damping)
    : restart_(restart),
      damping_(damping),
      members_(static_cast<double>(people_in(restart, graph.vertices()))),
      vertices_(graph.vertices()) {
  std::vector<double> per_weight = passed_per_weight(graph.influencers);
  std::size_t quiet = 0;
  for (Vertex v = 0; v != vertices_; ++v) quiet += graph.listeners.degree(v) == 0 ? 1 : 0;
  // Cutting costs about two sweeps, so it must leave out many.
  if (2 * quiet > vertices_) {
    keep_heard(graph, per_weight);
  } else {
    keep_everyone(graph, std::move(per_weight));
  }
  cut_into_blocks();
  vote_.resize(per_weight_.size());
}

void AttentionSweep::keep_everyone(const ListenGraph& graph, std::vector<double> per_weight) {
  offsets_ = graph.listeners.offsets;
  listeners_ = graph.listeners.neighbors;
  weights_ = graph.listeners.weights;
  per_weight_ = std::move(per_weight);
}

void AttentionSweep::keep_heard(const ListenGraph& graph, const std::vector<double>& per_weight) {
  const Adjacency& listeners = graph.listeners;
  std::vector<Vertex> place(vertices_ + 1);  // In the sweep: how many smaller vertices are heard.
  for (std::size_t v = 0; v != vertices_; ++v) {
    place[v] = static_cast<Vertex>(people_.size());
    if (listeners.degree(static_cast<Vertex>(v)) > 0) {
      people_.push_back(static_cast<Vertex>(v));
      per_weight_.push_back(per_weight[v]);
    } else if (restarts_at(static_cast<Vertex>(v))) {
      quiet_ += 1.0;
      quiet_idle_ += per_weight[v] == 0.0 ? 1.0 : 0.0;
    }
  }
  place[vertices_] = static_cast<Vertex>(people_.size());
  quiet_weight_.resize(people_.size());
  kept_.offsets.resize(people_.size() + 1);
  const auto is_heard = [&place](Vertex v) { return place[v] != place[v + 1]; };
  for_each_block(people_.size(), 1024, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i != end; ++i) {
      const Vertex v = people_[i];
      for (std::size_t edge = listeners.offsets[v]; edge != listeners.offsets[v + 1]; ++edge) {
        const Vertex listener = listeners.neighbors[edge];
        if (is_heard(listener)) {
          ++kept_.offsets[i];
        } else if (restarts_at(listener)) {
          quiet_weight_[i] += static_cast<double>(listeners.weights[edge]) * per_weight[listener];
        }
      }
    }
  });
  const std::size_t edges = exclusive_scan(std::span(kept_.offsets));
  kept_.neighbors.resize(edges);
  kept_.weights.resize(edges);
  for_each_block(people_.size(), 1024, [&](std::size_t begin, std::size_t end) {
    std::size_t next = kept_.offsets[begin];
    for (std::size_t i = begin; i != end; ++i) {
      const Vertex v = people_[i];
      for (std::size_t edge = listeners.offsets[v]; edge != listeners.offsets[v + 1]; ++edge) {
        const Vertex listener = listeners.neighbors[edge];
        if (!is_heard(listener)) continue;
        kept_.neighbors[next] = place[listener];
        kept_.weights[next++] = listeners.weights[edge];
      }
    }
  });
  offsets_ = kept_.offsets;
  listeners_ = kept_.neighbors;
  weights_ = kept_.weights;
}

// Blocks end where the work before them crosses multiples of a block's: hubs make short ones.
void AttentionSweep::cut_into_blocks() {
  const std::size_t n = per_weight_.size();
  blocks_.push_back(0);
  std::size_t next = kWorkPerBlock;
  for (std::size_t i = 1; i < n; ++i) {
    if (offsets_[i] + i < next) continue;
    blocks_.push_back(i);
    next = offsets_[i] + i + kWorkPerBlock;
  }
  if (n != 0) blocks_.push_back(n);
}

std::vector<double> AttentionSweep::gather_scores(std::span<const double> scores) const {
  std::vector<double> x(size());
  if (per_weight_.size() == vertices_) {
    std::ranges::copy(scores, x.begin());
    return x;
  }
  std::size_t i = 0;
  for (Vertex v = 0; v != vertices_; ++v) {
    if (i != people_.size() && people_[i] == v) {
      x[i++] = scores[v];
    } else if (restarts_at(v)) {
      x.back() += scores[v];
    }
  }
  return x;
}

std::vector<double> AttentionSweep::spread_scores(std::span<const double> x) const {
  if (per_weight_.size() == vertices_) return {x.begin(), x.end() - 1};
  std::vector<double> scores(vertices_);
  const double quiet_score = quiet_ > 0.0 ? x.back() / quiet_ : 0.0;
  std::size_t i = 0;
  for (Vertex v = 0; v != vertices_; ++v) {
    if (i != people_.size() && people_[i] == v) {
      scores[v] = x[i++];
    } else if (restarts_at(v)) {
      scores[v] = quiet_score;
    }
  }
  return scores;
}

// Makes the votes of x; returns the attention of those in the sweep who listen to nobody.
double AttentionSweep::pass_on(std::span<const double> x) {
  std::vector<double> idle(blocks_of(vote_.size(), kPeoplePerBlock));
  for_each_block(vote_.size(), kPeoplePerBlock, [&](std::size_t begin, std::size_t end) {
    double sum = 0.0;
    for (std::size_t i = begin; i != end; ++i) {
      vote_[i] = x[i] * per_weight_[i];
      sum += per_weight_[i] == 0.0 ? x[i] : 0.0;
    }
    idle[begin / kPeoplePerBlock] = sum;
  });
  // In the order of blocks: the same bits on any number of threads.
  return std::accumulate(idle.begin(), idle.end(), 0.0);
}

double AttentionSweep::sweep_block(std::size_t block, double base, double quiet_score,
                                   std::span<const double> x, std::span<double> swept) const {
  const bool everyone = restart_.empty();
  const bool some_quiet = !quiet_weight_.empty();
  const double* const votes = vote_.data();
  const bool ahead = offsets_[blocks_[block + 1]] + kEdgesAhead <= listeners_.size();
  double change = 0.0;
  std::size_t edge = offsets_[blocks_[block]];
  for (std::size_t i = blocks_[block]; i != blocks_[block + 1]; ++i) {
    const std::size_t edge_end = offsets_[i + 1];
    double heard =
        gather(listeners_.data() + edge, weights_.data() + edge, edge_end - edge, votes, ahead);
    edge = edge_end;
    if (some_quiet) heard += quiet_weight_[i] * quiet_score;
    double score = damping_ * heard;
    if (everyone || mask_has(restart_, people_.empty() ? static_cast<Vertex>(i) : people_[i])) {
      score += base;
    }
    change += std::abs(score - x[i]);
    swept[i] = score;
  }
  return change;
}

double AttentionSweep::sweep(std::span<const double> x, std::span<double> swept) {
  const double quiet_score = quiet_ > 0.0 ? x.back() / quiet_ : 0.0;
  const double idle = pass_on(x) + quiet_score * quiet_idle_;
  const double base = ((1.0 - damping_) + damping_ * idle) / members_;
  swept.back() = base * quiet_;
  std::vector<double> changes(blocks_.size() - 1);
  for_each(changes.size(), [&](std::size_t block) {
    changes[block] = sweep_block(block, base, quiet_score, x, swept);
  });
  // In the order of blocks, again.
  return std::accumulate(changes.begin(), changes.end(), std::abs(swept.back() - x.back()));
}

}  // namespace grapevine
