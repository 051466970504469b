#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "kernels/segment/time_buckets.hpp"
#include "storage/part.hpp"

namespace grapevine {

/// Finds the buckets of a run's rows in the widest vectors that the processor has: a product with the
/// width's inverse, of which the upper bits count. Valid as long as the run.
class LaneBuckets {
 public:
  /// nullopt: the run's times are not kept in 4 bytes each, are more than 12 days apart, or not all in a
  /// bucket. Precondition: buckets.valid().
  static std::optional<LaneBuckets> of(const Run& run, const TimeBuckets& buckets);

  /// The buckets of the rows from `begin` on, an element a row.
  void find(std::size_t begin, std::span<std::uint32_t> buckets) const;

 private:
  LaneBuckets() = default;

  const std::uint8_t* times_ = nullptr;  // 4 bytes a row, little end first.
  std::uint32_t before_ = 0;             // The begin of the first row's bucket,
  std::uint32_t first_ = 0;              // and its number.
  std::uint32_t inverse_ = 0;            // 2^shift / width, rounded up.
  int shift_ = 0;                        // The product is right for times below 2^30: Granlund &
                                         // Montgomery, PLDI 1994, theorem 4.2.
};

}  // namespace grapevine
