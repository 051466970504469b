#include "kernels/segment/quantile_groups.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace grapevine {

// floor(groups × b / n) >= g says that at least i = ceil(g × n / groups) values are below v: that the
// i-th smallest one is. So groups - 1 of the values decide everything. Each is looked for in the one of
// many equal stretches from the smallest to the largest value in which it lies.
QuantileGroups::QuantileGroups(const std::vector<double>& values, std::size_t groups) {
  constexpr std::size_t kStretches = 4096;
  if (values.empty() || groups < 2) return;
  const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
  const double base = *lowest;
  const double scale = (kStretches - 1) / (*highest - base);  // Infinite or NaN: all in one.
  const auto stretch_of = [&](double value) {  // Grows with the value, whatever is rounded.
    const double place = (value - base) * scale;
    return place < kStretches ? static_cast<std::size_t>(std::max(place, 0.0)) : 0;
  };
  const bool is_flat = !(scale < std::numeric_limits<double>::infinity());
  std::vector<std::size_t> begins(kStretches + 1);
  if (is_flat) {
    std::fill(begins.begin() + 1, begins.end(), values.size());
  } else {
    for (const double value : values) ++begins[stretch_of(value) + 1];
    for (std::size_t i = 1; i <= kStretches; ++i) begins[i] += begins[i - 1];
  }
  std::vector<double> inside;
  std::size_t gathered = kStretches;  // The stretch that `inside` holds.
  for (std::size_t g = 1; g < groups; ++g) {
    const std::size_t place = (g * values.size() + groups - 1) / groups - 1;
    const auto behind = std::upper_bound(begins.begin(), begins.end(), place);
    const auto stretch = static_cast<std::size_t>(behind - begins.begin()) - 1;
    if (stretch != gathered) {
      inside.clear();
      for (const double value : values) {
        if (is_flat || stretch_of(value) == stretch) inside.push_back(value);
      }
      gathered = stretch;
    }
    const auto at = inside.begin() + static_cast<std::ptrdiff_t>(place - begins[stretch]);
    std::nth_element(inside.begin(), at, inside.end());
    bounds_.push_back(*at);
  }
}

std::size_t QuantileGroups::of(double value) const {
  const auto beyond = std::lower_bound(bounds_.begin(), bounds_.end(), value);
  return 1 + static_cast<std::size_t>(beyond - bounds_.begin());
}

}  // namespace grapevine
