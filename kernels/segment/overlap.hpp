#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"

namespace grapevine {

/// How many sets may overlap: their diagram has 2^k regions.
inline constexpr std::size_t kOverlapSetsMax = 8;

/// The regions of the Venn diagram of some sets: element r counts those of `everyone` who are in
/// set i exactly where bit i of r is set. Element 0 counts those in none.
///
/// Shapes  1 to kOverlapSetsMax sets, all of as many customers as `everyone`. Result: 2^sets.
/// Errors  Cancelled: `stop` fired.
/// Cost    One pass over the words of all sets; a word takes 2^sets steps.
absl::StatusOr<std::vector<std::size_t>> overlap_regions(std::span<const CustomerSet> sets,
                                                         const CustomerSet& everyone,
                                                         const Stop& stop);

}  // namespace grapevine
