#include "kernels/listen/reach_of_masks.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <memory>
#include <numeric>
#include <span>

#include "kernels/listen/heard_lanes.hpp"
#include "kernels/listen/reach.hpp"
#include "kernels/listen/speaker_lists.hpp"
#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kPeopleTogether = std::size_t{1} << 14;

// Whether so many ties or more are to be walked from the people of all lists.
bool has_ties(const ListenGraph& graph, std::span<const std::uint64_t> masks, std::uint64_t many) {
  std::uint64_t ties = 0;
  for (std::size_t v = 0; v < masks.size() && ties < many; ++v) {
    ties += static_cast<std::uint64_t>(std::popcount(masks[v])) *
            graph.listeners.degree(static_cast<Vertex>(v));
  }
  return ties >= many;
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
  explicit Listeners(const ListenGraph& graph)
      : graph_(graph),
        masks_(std::make_unique_for_overwrite<std::uint32_t[]>(graph.vertices() + 1)) {
    masks_[graph.vertices()] = 0;
  }

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
    WorkerLocal<Tally> tallies([&] {
      return Tally{std::vector<std::uint64_t>(counts.size()), {}, {}};
    });
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
    const std::span<const Vertex> neighbors(graph_.influencers.neighbors.data() + offsets[0],
                                            edges);
    // Most listeners hear a few: those are read whether they are there or not, which is sooner than
    // to guess how many there are.
    const bool has_few = edges < std::size_t{1} << 31;  // Or they have no numbers of 32 bits.
    if (has_few) {
      tally.begins.resize(count + 1);
      for (std::size_t i = 0; i <= count; ++i) {
        tally.begins[i] = static_cast<std::uint32_t>(offsets[i] - offsets[0]);
      }
      hear_first(tally.begins, neighbors, {masks_.get(), graph_.vertices() + 1}, tally.heard);
    }
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t end_of_few = offsets[i] + (has_few ? kHeardTogether : 0);
      if (end_of_few < offsets[i + 1]) hear_rest(end_of_few, offsets[i + 1], tally.heard[i]);
    }
  }

  void hear_rest(std::size_t edge, std::size_t end, std::uint32_t& heard) const {
    for (; edge < end; ++edge) heard |= masks_[graph_.influencers.neighbors[edge]];
  }

  const ListenGraph& graph_;
  std::unique_ptr<std::uint32_t[]> masks_;  // By vertex, and behind them that of nobody.
};

}  // namespace

absl::StatusOr<std::vector<std::uint64_t>> reach_of_masks(const ListenGraph& graph,
                                                          const SpeakerMasks& masks,
                                                          const Stop& stop) {
  if (!has_ties(graph, masks.of_person(), graph.edges() / 8)) {
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
