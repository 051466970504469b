#include "kernels/propagation/contain.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "kernels/propagation/chance.hpp"
#include "kernels/propagation/evaluate_containment.hpp"
#include "kernels/propagation/live_edge_words.hpp"
#include "kernels/propagation/prevented_spread.hpp"

namespace grapevine {
namespace {

// Sums of whole values over so many samples stay below 2^63.
constexpr std::size_t kSamplesMax = std::size_t{1} << 22;

absl::Status check(const ListenGraph& graph, std::span<const Vertex> spreading,
                   const ContainOptions& options) {
  const std::size_t n = graph.vertices();
  if (options.k == 0) return absl::InvalidArgumentError("k is 0");
  if (options.samples == 0 || options.samples > kSamplesMax) {
    return absl::InvalidArgumentError("samples is not in [1, 4194304]");
  }
  if (options.evaluations == 0) return absl::InvalidArgumentError("evaluations is 0");
  if (!options.candidates.empty() && options.candidates.size() != mask_words(n)) {
    return absl::InvalidArgumentError("the candidates are not of this graph");
  }
  if (!options.values.empty() && options.values.size() != n) {
    return absl::InvalidArgumentError("there is not one value a person");
  }
  double sum = 0.0;
  for (const double value : options.values) {
    if (!(value >= 0.0)) return absl::InvalidArgumentError("a value is not at least 0");
    sum += value;
  }
  if (!std::isfinite(sum)) return absl::InvalidArgumentError("the sum of values is not finite");
  for (const Vertex v : spreading) {
    if (v >= n) return absl::InvalidArgumentError("someone who spreads is not in the graph");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Containment> contain(const ListenGraph& graph, std::span<const float> probabilities,
                                    std::span<const Vertex> spreading,
                                    const ContainOptions& options, const Stop& stop) {
  if (absl::Status status = check(graph, spreading, options); !status.ok()) return status;
  const auto edges = LiveEdgeWords::make(graph, probabilities, options.model);
  if (!edges.ok()) return edges.status();
  std::vector<Vertex> distinct(spreading.begin(), spreading.end());
  std::ranges::sort(distinct);
  distinct.erase(std::ranges::unique(distinct).begin(), distinct.end());
  const Outbreak outbreak{graph, *edges, distinct, options.values};

  const std::size_t n = graph.vertices();
  std::vector<bool> candidate(n);
  for (Vertex v = 0; v != n; ++v) {
    candidate[v] = options.candidates.empty() || mask_has(options.candidates, v);
  }
  for (const Vertex v : distinct) candidate[v] = false;
  const std::vector<std::uint64_t> weights = whole_values(options.values, n);
  std::vector<bool> blocked(n);
  std::vector<Vertex> chosen;
  // Not the runs of the evaluation.
  const std::uint64_t choosing_seed = scramble(options.random_seed + 1);
  while (chosen.size() != options.k) {
    const std::vector<std::uint64_t> prevented =
        prevented_by_each(outbreak, weights, blocked, options.samples, choosing_seed, stop);
    if (stop.requested()) return absl::CancelledError();
    stop.report(static_cast<double>(chosen.size() + 1) / static_cast<double>(options.k + 1));
    std::optional<Vertex> best;
    for (Vertex v = 0; v != n; ++v) {
      if (candidate[v] && prevented[v] > (best ? prevented[*best] : 0)) best = v;
    }
    if (!best) break;
    chosen.push_back(*best);
    blocked[*best] = true;
  }
  Containment containment =
      evaluate_containment(outbreak, chosen, options.evaluations, options.random_seed, stop);
  if (stop.requested()) return absl::CancelledError();
  containment.samples = options.samples;
  return containment;
}

}  // namespace grapevine
