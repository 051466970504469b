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
                static_cast<double>(bounds.back() - bounds.front())) {}

  /// Precondition: bounds.front() <= time < bounds.back(). Cost: a multiplication and mostly two
  /// comparisons.
  [[nodiscard]] std::size_t of(TimeMs time) const {
    const double guess = static_cast<double>(time - bounds_.front()) * per_ms_;
    std::size_t bucket = std::min(static_cast<std::size_t>(guess), bounds_.size() - 2);
    while (time < bounds_[bucket]) --bucket;
    while (time >= bounds_[bucket + 1]) ++bucket;
    return bucket;
  }

 private:
  std::span<const TimeMs> bounds_;
  double per_ms_;
};

}  // namespace grapevine
