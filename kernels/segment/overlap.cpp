#include "kernels/segment/overlap.hpp"

#include <array>
#include <bit>
#include <cassert>
#include <cstdint>

#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kWordsPerTask = 1024;

// Counts, of the words [begin, end), those of `everyone` who are in all sets of each choice of sets.
void count_common(std::span<const CustomerSet> sets, const CustomerSet& everyone, std::size_t begin,
                  std::size_t end, std::span<std::size_t> counts) {
  std::array<std::uint64_t, std::size_t{1} << kOverlapSetsMax> common;  // By choice, of a word.
  for (std::size_t w = begin; w < end; ++w) {
    common[0] = everyone.words()[w];
    for (std::size_t s = 0; s < sets.size(); ++s) {
      const std::size_t choices = std::size_t{1} << s;
      const std::uint64_t word = sets[s].words()[w];
      for (std::size_t c = 0; c < choices; ++c) common[choices + c] = common[c] & word;
    }
    for (std::size_t c = 0; c < counts.size(); ++c) {
      counts[c] += static_cast<std::size_t>(std::popcount(common[c]));
    }
  }
}

// From who is in all sets of a choice to who is in those and in no other: the inclusion-exclusion
// principle, a set after the other.
void leave_out_others(std::span<std::size_t> counts) {
  for (std::size_t set = 1; set < counts.size(); set *= 2) {
    for (std::size_t c = 0; c < counts.size(); ++c) {
      if ((c & set) == 0) counts[c] -= counts[c | set];
    }
  }
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
    count_common(sets, everyone, begin, end, mine);
  });
  if (stop.requested()) return absl::CancelledError("stopped while counting an overlap");
  std::vector<std::size_t> all(regions);
  for (std::size_t i = 0; i < counts.size(); ++i) all[i % regions] += counts[i];
  leave_out_others(all);
  return all;
}

}  // namespace grapevine
