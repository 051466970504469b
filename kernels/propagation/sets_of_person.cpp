#include "kernels/propagation/sets_of_person.hpp"

#include <algorithm>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/group_stably.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kSetsPerBlock = 1024;

}  // namespace

std::vector<std::uint32_t> SetsOfPerson::counts() const {
  std::vector<std::uint32_t> counts(offsets.size() - 1);
  for (std::size_t v = 0; v != counts.size(); ++v) {
    counts[v] = static_cast<std::uint32_t>(offsets[v + 1] - offsets[v]);
  }
  return counts;
}

SetsOfPerson invert(const ReverseSets& sets, std::size_t vertices) {
  std::vector<std::uint32_t> owner(sets.members.size());
  for_each_block(sets.size(), kSetsPerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t set = begin; set != end; ++set) {
      std::fill(owner.data() + sets.offsets[set], owner.data() + sets.offsets[set + 1],
                static_cast<std::uint32_t>(set));
    }
  });
  SetsOfPerson index;
  index.sets.resize(owner.size());
  index.offsets = group_stably(
      owner.size(), vertices, [&](std::size_t i) { return sets.members[i]; },
      [&](std::size_t i, std::size_t position) { index.sets[position] = owner[i]; });
  return index;
}

}  // namespace grapevine
