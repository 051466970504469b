#include "api/live/score_column.hpp"

#include <utility>
#include <vector>

namespace grapevine {

std::shared_ptr<const AttributeColumn> score_column(const SocialGraph& graph,
                                                    const RankedScore& score, std::string name) {
  constexpr std::size_t kCustomers = AttributeChunk::kCustomers;
  auto column = std::make_shared<AttributeColumn>();
  column->name = std::move(name);
  column->type = ValueType::Float64;
  std::shared_ptr<AttributeChunk> chunk;
  const std::vector<CustomerId>& people = graph.listening().people;
  for (std::size_t v = 0; v < people.size(); ++v) {  // Ascending, so chunks follow each other.
    const std::size_t number = index(people[v]) / kCustomers;
    if (number >= column->chunks.size()) {
      chunk = std::make_shared<AttributeChunk>();
      chunk->values = std::vector<double>(kCustomers);
      column->chunks.resize(number + 1);
      column->chunks[number] = chunk;
    }
    const std::size_t slot = index(people[v]) % kCustomers;
    std::get<std::vector<double>>(chunk->values)[slot] = score.values[v];
    chunk->present[slot / 64] |= std::uint64_t{1} << (slot % 64);
  }
  return column;
}

}  // namespace grapevine
