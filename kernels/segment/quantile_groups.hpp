#pragma once

#include <cstddef>
#include <vector>

namespace grapevine {

/// Groups of about equally many values, as in RFM's quintiles. Of n values the group of v is
/// 1 + floor(groups × b / n), where b values are strictly below v. So equal values share a group, the
/// lowest of those that they would fill, and with few distinct values some groups stay empty.
/// Immutable.
class QuantileGroups {
 public:
  /// Precondition: groups >= 1, no value is NaN. Cost: O(groups × n) comparisons at worst, a scan or
  /// two a group; O(n) beside it in memory only where nearly all values are close to each other.
  QuantileGroups(const std::vector<double>& values, std::size_t groups);

  /// The group of one of the values (of another number: the group that it would have, had it no
  /// weight): 1 to `groups`.
  [[nodiscard]] std::size_t of(double value) const;

 private:
  std::vector<double> bounds_;  // Ascending: a value beyond the k-th is in group k + 1 at least.
};

}  // namespace grapevine
