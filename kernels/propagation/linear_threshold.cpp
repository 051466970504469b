#include "kernels/propagation/linear_threshold.hpp"

#include <algorithm>

namespace grapevine {
namespace {

// A sum of floats that are shares of one whole may exceed it by rounding.
constexpr double kSumMax = 1.0 + 1e-5;

}  // namespace

absl::Status check_threshold_weights(const ListenGraph& graph, std::span<const float> weights) {
  std::vector<double> sums(graph.vertices());
  for (std::size_t edge = 0; edge != weights.size(); ++edge) {
    if (!(weights[edge] >= 0.0F && weights[edge] <= 1.0F)) {
      return absl::InvalidArgumentError("a weight is not in [0, 1]");
    }
    sums[graph.listeners.neighbors[edge]] += static_cast<double>(weights[edge]);
  }
  if (std::ranges::any_of(sums, [](double sum) { return sum > kSumMax; })) {
    return absl::InvalidArgumentError("the weights into a listener sum to more than 1");
  }
  return absl::OkStatus();
}

std::vector<DrawRange> draw_ranges(const ListenGraph& graph, std::span<const float> weights) {
  const auto number = [](double sum) {
    return static_cast<std::uint64_t>(std::min(sum, 1.0) * 0x1p32);
  };
  std::vector<double> sums(graph.vertices());
  std::vector<DrawRange> ranges(weights.size());
  for (std::size_t edge = 0; edge != weights.size(); ++edge) {
    double& sum = sums[graph.listeners.neighbors[edge]];
    ranges[edge].first = number(sum);
    sum += static_cast<double>(weights[edge]);
    ranges[edge].end = number(sum);
  }
  return ranges;
}

}  // namespace grapevine
