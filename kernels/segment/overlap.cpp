#include "kernels/segment/overlap.hpp"

#include <bit>
#include <cassert>
#include <cstdint>

#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kWordsPerTask = 1024;

// Halves the people of a word by each set in turn, and leaves what is empty out: nobody is counted
// twice, so that few regions with somebody in them cost few steps.
void count_word(std::span<const CustomerSet> sets, std::size_t w, std::size_t set,
                std::size_t region, std::uint64_t people, std::span<std::size_t> counts) {
  if (people == 0) return;
  if (set == sets.size()) {
    counts[region] += static_cast<std::size_t>(std::popcount(people));
    return;
  }
  const std::uint64_t word = sets[set].words()[w];
  count_word(sets, w, set + 1, region, people & ~word, counts);
  count_word(sets, w, set + 1, region | std::size_t{1} << set, people & word, counts);
}

}  // namespace

absl::StatusOr<std::vector<std::size_t>> overlap_regions(std::span<const CustomerSet> sets,
                                                         const CustomerSet& everyone,
                                                         const Stop& stop) {
  assert(!sets.empty() && sets.size() <= kOverlapSetsMax);
  const std::size_t regions = std::size_t{1} << sets.size();
  const std::size_t words = everyone.words().size();
  std::vector<std::size_t> counts(blocks_of(words, kWordsPerTask) * regions);
  for_each_block(words, kWordsPerTask, [&](std::size_t begin, std::size_t end) {
    if (stop.requested()) return;
    const auto mine = std::span(counts).subspan(begin / kWordsPerTask * regions, regions);
    for (std::size_t w = begin; w < end; ++w) {
      count_word(sets, w, 0, 0, everyone.words()[w], mine);
    }
  });
  if (stop.requested()) return absl::CancelledError("stopped while counting an overlap");
  std::vector<std::size_t> all(regions);
  for (std::size_t i = 0; i < counts.size(); ++i) all[i % regions] += counts[i];
  return all;
}

}  // namespace grapevine
