#include "kernels/listen/speaker_groups.hpp"

#include <type_traits>
#include <variant>

#include "kernels/listen/group_dimension.hpp"
#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {

std::vector<std::uint32_t> groups_by_attribute(const AttributeColumn& column, std::size_t customers,
                                               std::span<const std::uint32_t> of_value) {
  std::vector<std::uint32_t> groups(customers, kNoGroup);
  for_each_block(customers, AttributeChunk::kCustomers, [&](std::size_t first, std::size_t last) {
    const AttributeChunk* chunk = column.chunk_of(CustomerId(static_cast<std::uint32_t>(first)));
    if (chunk == nullptr) return;
    std::visit(
        [&](const auto& values) {
          using Kept = std::decay_t<decltype(values)>;
          if constexpr (std::is_same_v<Kept, std::vector<std::uint8_t>> ||
                        std::is_same_v<Kept, std::vector<std::uint32_t>>) {
            for (std::size_t slot = 0; slot < last - first; ++slot) {
              if (!chunk->has(slot)) continue;
              const std::size_t value = values[slot];
              if (value < of_value.size()) groups[first + slot] = of_value[value];
            }
          }
        },
        chunk->values);
  });
  return groups;
}

std::vector<std::uint32_t> groups_by_vertex(const ListenGraph& graph, std::size_t customers,
                                            std::span<const std::uint32_t> number,
                                            std::span<const std::uint32_t> of_number) {
  std::vector<std::uint32_t> groups(customers, kNoGroup);
  for (Vertex v = 0; v < graph.vertices(); ++v) {
    const std::size_t person = index(graph.people[v]);
    if (person < customers && number[v] < of_number.size()) groups[person] = of_number[number[v]];
  }
  return groups;
}

}  // namespace grapevine
