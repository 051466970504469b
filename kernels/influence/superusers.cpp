#include "kernels/influence/superusers.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "kernels/parallel/sort.hpp"

namespace grapevine {

absl::StatusOr<Superusers> find_superusers(std::span<const std::uint64_t> counts, double share) {
  __extension__ using Wide = __int128;
  if (!(share > 0.0 && share <= 1.0))
    return absl::InvalidArgumentError("the share is not in (0, 1]");
  const std::size_t n = counts.size();
  if (n >> 31 != 0) return absl::InvalidArgumentError("there are 2^31 people or more");
  Superusers found;
  for (const std::uint64_t count : counts) {
    if (found.total + count < count) return absl::InvalidArgumentError("the sum is 2^64 or more");
    found.total += count;
  }
  if (found.total == 0) return found;

  std::vector<std::uint32_t> order(n);
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  parallel_sort(std::span(order), [&](std::uint32_t a, std::uint32_t b) {
    return counts[a] != counts[b] ? counts[a] > counts[b] : a < b;
  });
  // By falling count, x at place i = 0, 1, ...: the sum of |x_i - x_j| over ordered pairs is twice
  // that of (n - 1 - 2 i) x_i, and 2 n^2 times the mean is 2 n times the total.
  Wide differences = 0;
  for (std::size_t i = 0; i != n; ++i) {
    const auto before_less_after = static_cast<Wide>(n) - 1 - 2 * static_cast<Wide>(i);
    differences += before_less_after * static_cast<Wide>(counts[order[i]]);
  }
  const auto total = static_cast<double>(found.total);
  found.gini = static_cast<double>(differences) / (static_cast<double>(n) * total);

  const auto wanted = static_cast<std::size_t>(std::ceil(share * static_cast<double>(n)));
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i != std::min(wanted, n) && counts[order[i]] != 0; ++i) {
    found.people.push_back(order[i]);
    sum += counts[order[i]];
  }
  found.share_of_total = static_cast<double>(sum) / total;
  return found;
}

}  // namespace grapevine
