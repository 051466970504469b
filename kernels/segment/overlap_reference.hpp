#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "kernels/segment/customer_set.hpp"

namespace grapevine {

/// What `overlap_regions` must answer: each customer is asked which sets have them.
std::vector<std::size_t> overlap_regions_reference(std::span<const CustomerSet> sets,
                                                   const CustomerSet& everyone);

}  // namespace grapevine
