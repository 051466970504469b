#include "kernels/graph/vertex_mask.hpp"

namespace grapevine {

std::vector<std::uint64_t> mask_of_customers(const ListenGraph& graph,
                                             std::span<const std::uint64_t> customers) {
  std::vector<std::uint64_t> mask(mask_words(graph.vertices()));
  for (std::size_t v = 0; v != graph.vertices(); ++v) {
    const std::size_t customer = index(graph.people[v]);
    if (customer / 64 >= customers.size()) break;  // People are in increasing order.
    mask[v / 64] |= (customers[customer / 64] >> (customer % 64) & 1) << (v % 64);
  }
  return mask;
}

}  // namespace grapevine
