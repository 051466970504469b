#include "kernels/influence/solve_pagerank.hpp"

#include <algorithm>

#include "kernels/influence/anderson_mixing.hpp"
#include "kernels/influence/attention_sweep.hpp"

namespace grapevine {
namespace {

// Images that are mixed. More save few sweeps, and each costs a read of all scores in every sweep.
constexpr std::size_t kImages = 5;
// Below this change, a mixture's rounding errors may be as large as what it gains.
constexpr double kMixAbove = 1e-12;

absl::Status check(const ListenGraph& graph, const PagerankOptions& options) {
  if (!(options.damping >= 0.0 && options.damping < 1.0)) {
    return absl::InvalidArgumentError("damping is not in [0, 1)");
  }
  if (!(options.tolerance > 0.0)) return absl::InvalidArgumentError("tolerance is not above 0");
  if (options.sweeps_max == 0) return absl::InvalidArgumentError("sweeps_max is 0");
  if (options.restart.empty()) return absl::OkStatus();
  if (options.restart.size() != mask_words(graph.vertices())) {
    return absl::InvalidArgumentError("restart is not of the graph's size");
  }
  if (std::ranges::all_of(options.restart, [](std::uint64_t word) { return word == 0; })) {
    return absl::InvalidArgumentError("nobody is in restart");
  }
  return absl::OkStatus();
}

std::vector<double> equal_scores(std::size_t vertices, VertexMask restart) {
  std::vector<double> scores(vertices);
  double members = 0.0;
  for (Vertex v = 0; v != vertices; ++v) {
    scores[v] = restart.empty() || mask_has(restart, v) ? 1.0 : 0.0;
    members += scores[v];
  }
  for (double& score : scores) score /= members;
  return scores;
}

}  // namespace

absl::StatusOr<PagerankResult> solve_pagerank(const ListenGraph& graph,
                                              std::span<const double> start,
                                              const PagerankOptions& options, const Stop& stop) {
  if (absl::Status status = check(graph, options); !status.ok()) return status;
  PagerankResult result;
  if (graph.vertices() == 0) return result;
  if (stop.requested()) return absl::CancelledError();

  AttentionSweep sweep(graph, options.restart, options.damping);
  std::vector<double> x =
      sweep.gather_scores(start.empty() ? equal_scores(graph.vertices(), options.restart) : start);
  AndersonMixing mixing(x.size(), kImages);
  double change_before = 2.0;  // No distribution can change by more.
  while (result.sweeps != options.sweeps_max) {
    if (stop.requested()) return absl::CancelledError();
    result.change = sweep.sweep(x, mixing.image());
    ++result.sweeps;
    if (result.change < options.tolerance) {
      result.scores = sweep.spread_scores(mixing.image());
      return result;
    }
    if (result.change <= change_before && result.change > kMixAbove) {
      mixing.mix(x);
    } else {
      mixing.skip(x);
    }
    change_before = result.change;
  }
  return absl::ResourceExhaustedError("PageRank has not converged after sweeps_max sweeps");
}

}  // namespace grapevine
