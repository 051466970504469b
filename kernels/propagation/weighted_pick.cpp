#include "kernels/propagation/weighted_pick.hpp"

#include <algorithm>

namespace grapevine {

WeightedPick::WeightedPick(std::span<const double> weights) : columns_(weights.size()) {
  // Weights relative to the largest first, so that neither their sum nor a mean leaves the range of
  // normal numbers.
  const double largest = std::ranges::max(weights);
  double sum = 0.0;
  for (const double weight : weights) sum += weight / largest;
  const double mean = sum / static_cast<double>(weights.size());
  std::vector<std::size_t> light;
  std::vector<std::size_t> heavy;
  std::vector<double> height(weights.size());
  for (std::size_t i = 0; i != weights.size(); ++i) {
    height[i] = weights[i] / largest / mean;
    (height[i] < 1.0 ? light : heavy).push_back(i);
  }
  // What a light column lacks is filled from a heavy one.
  while (!light.empty() && !heavy.empty()) {
    const std::size_t low = light.back();
    const std::size_t high = heavy.back();
    light.pop_back();
    columns_[low] = {height[low], high};
    height[high] -= 1.0 - height[low];
    if (height[high] < 1.0) {
      heavy.pop_back();
      light.push_back(high);
    }
  }
  // What is left is 1 but for rounding; weight 0 must not profit from that.
  const auto most = static_cast<std::size_t>(std::ranges::max_element(weights) - weights.begin());
  for (const std::size_t i : light) columns_[i] = {weights[i] == 0.0 ? 0.0 : 1.0, most};
}

std::size_t WeightedPick::pick(std::uint64_t column_bits, std::uint64_t keep_bits) const {
  const std::size_t column = pick_evenly(column_bits, columns_.size());
  return unit_interval(keep_bits) < columns_[column].keep ? column : columns_[column].other;
}

}  // namespace grapevine
