#include "kernels/listen/reach_of_masks.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <numeric>
#include <span>

#include "kernels/listen/heard_lanes.hpp"
#include "kernels/listen/reach.hpp"
#include "kernels/listen/speaker_lists.hpp"
#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kPeopleTogether = std::size_t{1} << 14;

// Swaps rows and columns of 64 x 64 bits (Warren, Hacker's Delight, 7-3).
void transpose(std::array<std::uint64_t, 64>& rows) {
  std::uint64_t low = UINT32_MAX;
  for (std::size_t width = 32; width != 0; width >>= 1, low ^= low << width) {
    for (std::size_t row = 0; row < 64; row = ((row | width) + 1) & ~width) {
      const std::uint64_t swapped = (rows[row] >> width ^ rows[row | width]) & low;
      rows[row] ^= swapped << width;
      rows[row | width] ^= swapped;
    }
  }
}

// Adds up in how many masks each bit is. Two masks stand side by side in a word.
void count_bits(std::span<const std::uint32_t> masks, std::span<std::uint64_t> counts) {
  constexpr std::size_t kTogether = 128;
  for (std::size_t begin = 0; begin < masks.size(); begin += kTogether) {
    std::array<std::uint32_t, kTogether> some{};
    std::copy_n(masks.begin() + static_cast<std::ptrdiff_t>(begin),
                std::min(kTogether, masks.size() - begin), some.begin());
    std::array<std::uint64_t, 64> words;
    for (std::size_t i = 0; i < words.size(); ++i) {
      words[i] = some[i] | std::uint64_t{some[i + words.size()]} << 32;
    }
    transpose(words);
    for (std::size_t bit = 0; bit < counts.size(); ++bit) {
      counts[bit] += static_cast<std::uint64_t>(std::popcount(words[bit]));
      counts[bit] += static_cast<std::uint64_t>(std::popcount(words[bit + 32]));
    }
  }
}

// How many ties are to be walked from the people of all lists.
std::uint64_t ties_of(const ListenGraph& graph, std::span<const std::uint64_t> masks) {
  std::vector<std::uint64_t> ties(blocks_of(masks.size(), kPeopleTogether));
  for_each_block(masks.size(), kPeopleTogether, [&](std::size_t begin, std::size_t end) {
    std::uint64_t sum = 0;
    for (std::size_t v = begin; v < end; ++v) {
      sum += static_cast<std::uint64_t>(std::popcount(masks[v])) *
             graph.listeners.degree(static_cast<Vertex>(v));
    }
    ties[begin / kPeopleTogether] = sum;
  });
  return std::reduce(ties.begin(), ties.end());
}

SpeakerLists lists_of(const ListenGraph& graph, const SpeakerMasks& masks) {
  const auto for_each_place = [&](const auto& body) {
    for (std::size_t v = 0; v < graph.vertices(); ++v) {
      for (std::uint64_t rest = masks.of_person()[v]; rest != 0; rest &= rest - 1) {
        body(static_cast<std::size_t>(std::countr_zero(rest)), graph.people[v]);
      }
    }
  };
  SpeakerLists lists;
  lists.offsets.resize(masks.lists() + 1);
  for_each_place([&](std::size_t list, CustomerId) { ++lists.offsets[list + 1]; });
  std::partial_sum(lists.offsets.begin(), lists.offsets.end(), lists.offsets.begin());
  lists.people.resize(lists.offsets.back());
  std::vector<std::size_t> next(lists.offsets.begin(), lists.offsets.end());
  for_each_place([&](std::size_t list, CustomerId who) { lists.people[next[list]++] = who; });
  return lists;
}

// Asks listeners whom they hear, of up to 32 lists.
class Listeners {
 public:
  explicit Listeners(const ListenGraph& graph) : graph_(graph), masks_(graph.vertices() + 1) {}

  // Shapes  counts: of the lists from `first` on.
  void ask(const SpeakerMasks& masks, std::size_t first, std::span<std::uint64_t> counts,
           const Stop& stop) {
    const std::size_t people = graph_.vertices();
    const std::uint64_t* const all = masks.of_person().data();
    for_each_block(people, kPeopleTogether, [&](std::size_t begin, std::size_t end) {
      for (std::size_t v = begin; v < end; ++v) {
        masks_[v] = static_cast<std::uint32_t>(all[v] >> first);
      }
    });
    WorkerLocal<Tally> tallies([&] { return Tally{std::vector<std::uint64_t>(counts.size()), {}, {}}; });
    for_each_block(people, kPeopleTogether, [&](std::size_t begin, std::size_t end) {
      if (stop.requested()) return;
      Tally& mine = tallies.mine();
      hear(begin, end, mine);
      count_bits(mine.heard, mine.counts);
    });
    tallies.for_each_made([&](const Tally& tally) {
      for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += tally.counts[i];
    });
  }

 private:
  struct Tally {
    std::vector<std::uint64_t> counts;
    std::vector<std::uint32_t> begins;  // Of the block's edges.
    std::vector<std::uint32_t> heard;
  };

  void hear(std::size_t begin, std::size_t end, Tally& tally) const {
    const std::size_t* const offsets = graph_.influencers.offsets.data() + begin;
    const std::size_t count = end - begin, edges = offsets[count] - offsets[0];
    tally.heard.assign(count, 0);
    if (edges == 0) return;
    const std::span<const Vertex> neighbors(graph_.influencers.neighbors.data() + offsets[0], edges);
    // Most listeners hear a few: those are read whether they are there or not, which is sooner than
    // to guess how many there are.
    const bool has_few = edges < std::size_t{1} << 31;  // Or they have no numbers of 32 bits.
    if (has_few) {
      tally.begins.resize(count + 1);
      for (std::size_t i = 0; i <= count; ++i) {
        tally.begins[i] = static_cast<std::uint32_t>(offsets[i] - offsets[0]);
      }
      hear_first(tally.begins, neighbors, masks_, tally.heard);
    }
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t edge = offsets[i] + (has_few ? kHeardTogether : 0); edge < offsets[i + 1];
           ++edge) {
        tally.heard[i] |= masks_[neighbors[edge - offsets[0]]];
      }
    }
  }

  const ListenGraph& graph_;
  std::vector<std::uint32_t> masks_;  // By vertex, and behind them that of nobody.
};

}  // namespace

absl::StatusOr<std::vector<std::uint64_t>> reach_of_masks(const ListenGraph& graph,
                                                          const SpeakerMasks& masks,
                                                          const Stop& stop) {
  if (ties_of(graph, masks.of_person()) < graph.edges() / 8) {
    const std::size_t customers = graph.people.empty() ? 0 : index(graph.people.back()) + 1;
    return ReachCounter(graph, customers).reach(lists_of(graph, masks), stop);
  }
  std::vector<std::uint64_t> reach(masks.lists());
  Listeners listeners(graph);
  for (std::size_t first = 0; first < masks.lists(); first += 32) {
    const std::size_t count = std::min<std::size_t>(32, masks.lists() - first);
    listeners.ask(masks, first, std::span(reach).subspan(first, count), stop);
  }
  if (stop.requested()) return absl::CancelledError("stopped while counting listeners");
  return reach;
}

}  // namespace grapevine
