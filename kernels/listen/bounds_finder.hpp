#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "storage/ids.hpp"

namespace grapevine {

/// Finds the bucket of a time among buckets of about the same width: days of a timezone are 23 or 25
/// hours long now and then.
class BoundsFinder {
 public:
  /// Shapes  bounds: where each bucket begins, ascending, and where the last one ends; they outlive
  ///         it. Precondition: at least one bucket.
  explicit BoundsFinder(std::span<const TimeMs> bounds)
      : bounds_(bounds),
        per_ms_(static_cast<double>(bounds.size() - 1) /
                static_cast<double>(bounds.back() - bounds.front())),
        is_even_(are_even(bounds)) {}

  /// Precondition: bounds.front() <= time < bounds.back(). Cost: a multiplication and, where buckets
  /// are of different widths, mostly two comparisons.
  [[nodiscard]] std::size_t of(TimeMs time) const {
    // Half a millisecond is far more than what the product is off by, so that it never rounds a time
    // into the bucket that begins after it.
    const double guess = (static_cast<double>(time - bounds_.front()) + 0.5) * per_ms_;
    if (is_even_) return static_cast<std::size_t>(guess);
    std::size_t bucket = std::min(static_cast<std::size_t>(guess), bounds_.size() - 2);
    while (time < bounds_[bucket]) --bucket;
    while (time >= bounds_[bucket + 1]) ++bucket;
    return bucket;
  }

 private:
  static bool are_even(std::span<const TimeMs> bounds) {
    const TimeMs width = bounds[1] - bounds[0];
    // Times of 2^50 ms and a quotient are right to a 2^-52th of themselves.
    if (bounds.back() - bounds.front() >= TimeMs{1} << 50) return false;
    for (std::size_t i = 1; i < bounds.size(); ++i) {
      if (bounds[i] - bounds[i - 1] != width) return false;
    }
    return true;
  }

  std::span<const TimeMs> bounds_;
  double per_ms_;
  bool is_even_;  // Every bucket is as wide as the others.
};

}  // namespace grapevine
