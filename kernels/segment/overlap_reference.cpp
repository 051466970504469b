#include "kernels/segment/overlap_reference.hpp"

namespace grapevine {

std::vector<std::size_t> overlap_regions_reference(std::span<const CustomerSet> sets,
                                                   const CustomerSet& everyone) {
  std::vector<std::size_t> regions(std::size_t{1} << sets.size());
  for (std::uint32_t i = 0; i < everyone.customers(); ++i) {
    if (!everyone.has(CustomerId(i))) continue;
    std::size_t region = 0;
    for (std::size_t s = 0; s < sets.size(); ++s) {
      if (sets[s].has(CustomerId(i))) region += std::size_t{1} << s;
    }
    ++regions[region];
  }
  return regions;
}

}  // namespace grapevine
