#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

namespace grapevine {

/// The few who do most of the work, and how unevenly it is spread.
struct Superusers {
  std::vector<std::uint32_t>
      people;                   ///< Indices of the top, by falling count and then rising index.
  std::uint64_t total = 0;      ///< The sum of all counts.
  double share_of_total = 0.0;  ///< What the top did of it; 0 where nobody did anything.
  /// The sum over all pairs (i, j) of |x_i - x_j|, over 2 n^2 times the mean: 0 when all do the
  /// same, (n - 1) / n when one does all. 0 where nobody did anything.
  double gini = 0.0;
};

/// Finds the top `share` of people by a count (answers): ceil(share x n) of them, without those who
/// did nothing. Whoever has a count is in n, those of 0 included; leave them out of `counts` to
/// compare those who take part.
///
/// Shapes  counts: n numbers. Of equal ones the smallest index comes first.
/// Errors  InvalidArgument: a share outside (0, 1], n is not below 2^31, or the sum not below 2^64.
/// Cost    O(n log n), 16 n bytes. Sums are of integers, divided once.
/// Source  Gini, Variabilità e mutabilità (1912); Sen, On Economic Inequality (1973), chapter 2
///         (the sorted form).
absl::StatusOr<Superusers> find_superusers(std::span<const std::uint64_t> counts, double share);

}  // namespace grapevine
