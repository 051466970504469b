#pragma once

#include <cstddef>
#include <cstdint>

#include <absl/status/status.h>

#include "storage/ids.hpp"

namespace grapevine {

/// Equal stretches of time, one after the other: bucket i is [from + i × width, from + (i + 1) ×
/// width).
struct TimeBuckets {
  TimeMs from = 0;
  TimeMs width_ms = 0;
  std::size_t count = 0;

  static constexpr std::size_t kCountMax = std::size_t{1} << 20;
  static constexpr TimeMs kWidthMax = TimeMs{400} * 86'400'000;

  /// Behind the last bucket. Precondition: valid().
  [[nodiscard]] TimeMs to() const { return from + width_ms * static_cast<TimeMs>(count); }

  /// Errors  InvalidArgument: no buckets or too many, a width of none or of more than 400 days, or
  ///         times beyond a hundred thousand years.
  [[nodiscard]] absl::Status valid() const {
    constexpr TimeMs kFarthest = TimeMs{100'000} * 366 * 86'400'000;
    if (count == 0 || count > kCountMax) {
      return absl::InvalidArgumentError("there must be 1 to 1048576 buckets of time");
    }
    if (width_ms < 1 || width_ms > kWidthMax) {
      return absl::InvalidArgumentError("a bucket must be 1 ms to 400 days wide");
    }
    if (from < -kFarthest || from > kFarthest) {
      return absl::InvalidArgumentError("the buckets begin too far from 1970");
    }
    return absl::OkStatus();
  }
};

/// Finds buckets without dividing: a multiplication by the inverse of the width.
class BucketFinder {
 public:
  /// Precondition: buckets.valid().
  explicit BucketFinder(const TimeBuckets& buckets)
      : span_(static_cast<std::uint64_t>(buckets.to() - buckets.from)),
        width_(static_cast<std::uint64_t>(buckets.width_ms)),
        inverse_(width_ == 1 ? 0 : ~std::uint64_t{0} / width_ + 1),
        is_exact_(width_ > 1 && span_ <= ~std::uint64_t{0} / width_) {}

  /// Milliseconds from the first bucket's begin to the last one's end.
  [[nodiscard]] std::uint64_t span() const { return span_; }

  /// The bucket of a time that many milliseconds behind the first one's begin. Precondition: below
  /// span(). The product's upper half is the quotient as long as number × width < 2^64 (Granlund &
  /// Montgomery, PLDI 1994, theorem 4.2).
  [[nodiscard]] std::size_t of(std::uint64_t elapsed) const {
    if (!is_exact_) return elapsed / width_;
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::size_t>((Wide{inverse_} * elapsed) >> 64);
  }

 private:
  std::uint64_t span_;
  std::uint64_t width_;
  std::uint64_t inverse_;  // 2^64 / width, rounded up.
  bool is_exact_;
};

}  // namespace grapevine
