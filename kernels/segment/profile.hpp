#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "storage/customers.hpp"

namespace grapevine {

/// How many of a segment, and of the whole base, have something.
struct SharedCount {
  std::size_t segment = 0;
  std::size_t base = 0;
  friend bool operator==(const SharedCount&, const SharedCount&) = default;
};

/// The distribution of one attribute in a segment beside the whole base.
struct AttributeProfile {
  /// Numbers from `least` to `most`, as keys (see ascending_key.hpp), those of the base.
  struct Bin {
    std::uint64_t least = 0;
    std::uint64_t most = 0;
    SharedCount count;
  };
  std::vector<Bin> bins;  ///< Of numbers: ascending, none empty in the base.
  /// Of strings and Bool: a code of the column's dictionary, or 0 and 1. Most frequent in the
  /// segment first, then in the base, then by the bytes of the string.
  std::vector<std::pair<std::uint32_t, SharedCount>> top;
  SharedCount other;             ///< Those whose value is not in `top`.
  std::size_t other_values = 0;  ///< How many distinct values those have.
  SharedCount missing;
};

/// How much of a distribution is told.
struct ProfileShape {
  std::size_t top_max = 10;
  std::size_t bins_max = 10;  ///< Quantile groups of the base: see QuantileGroups.
};

/// Profiles of several columns, in their order. `segment` is a part of `base`.
///
/// Errors  Cancelled: `stop` fired.
/// Cost    A pass or two over each column, a column to a task; 8 bytes a value of numbers.
absl::StatusOr<std::vector<AttributeProfile>> profile_attributes(
    std::span<const AttributeColumn* const> columns, const CustomerSet& base,
    const CustomerSet& segment, const ProfileShape& shape, const Stop& stop);

/// The same of a time a customer (kNever: missing), as keys of the times.
AttributeProfile profile_times(std::span<const TimeMs> times, const CustomerSet& base,
                               const CustomerSet& segment, const ProfileShape& shape);

}  // namespace grapevine
