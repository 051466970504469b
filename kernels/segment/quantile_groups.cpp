#include "kernels/segment/quantile_groups.hpp"

#include <algorithm>
#include <utility>

namespace grapevine {

// floor(groups × b / n) >= g says that at least i = ceil(g × n / groups) values are below v: that the
// i-th smallest one is. So groups - 1 of the values decide everything.
QuantileGroups::QuantileGroups(std::vector<double> values, std::size_t groups) {
  if (values.empty()) return;
  auto unsorted = values.begin();  // What is before stands where it belongs.
  for (std::size_t g = 1; g < groups; ++g) {
    const std::size_t place = (g * values.size() + groups - 1) / groups - 1;
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(place);
    if (at >= unsorted) {
      std::nth_element(unsorted, at, values.end());
      unsorted = at + 1;
    }
    bounds_.push_back(*at);
  }
}

std::size_t QuantileGroups::of(double value) const {
  const auto beyond = std::lower_bound(bounds_.begin(), bounds_.end(), value);
  return 1 + static_cast<std::size_t>(beyond - bounds_.begin());
}

}  // namespace grapevine
