#include "kernels/listen/reach_of_masks.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <memory>
#include <numeric>
#include <span>

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

// Counts in how many masks each bit is. Narrow masks stand side by side in a word.
template <typename Mask>
class BitCounts {
 public:
  void add(Mask mask) {
    constexpr std::size_t kBits = 8 * sizeof(Mask);
    words_[size_ % words_.size()] |= std::uint64_t{mask} << (size_ / words_.size() * kBits);
    if (++size_ == words_.size() * sizeof(std::uint64_t) / sizeof(Mask)) add_up();
  }
  // Precondition: nothing comes behind it.
  void add_to(std::span<std::uint64_t> counts) {
    add_up();
    constexpr std::size_t kBits = 8 * sizeof(Mask);
    for (std::size_t bit = 0; bit < counts_.size(); ++bit) {
      if (bit % kBits < counts.size()) counts[bit % kBits] += counts_[bit];
    }
  }

 private:
  void add_up() {
    transpose(words_);
    for (std::size_t bit = 0; bit < counts_.size(); ++bit) {
      counts_[bit] += static_cast<std::uint64_t>(std::popcount(words_[bit]));
    }
    words_.fill(0);
    size_ = 0;
  }

  std::array<std::uint64_t, 64> words_{};
  std::array<std::uint64_t, 64> counts_{};
  std::size_t size_ = 0;  // Masks that wait.
};

template <typename Mask>
class MaskReach {
 public:
  // The masks of the graph's people, and behind them one of nobody.
  MaskReach(const ListenGraph& graph, const SpeakerMasks& masks)
      : graph_(graph),
        lists_(masks.lists()),
        of_vertex_(std::make_unique_for_overwrite<Mask[]>(graph.vertices() + 1)) {
    const std::span<const std::uint64_t> of_customer = masks.of_customer();
    std::vector<std::uint64_t> ties(blocks_of(graph.vertices(), kPeopleTogether));
    for_each_block(graph.vertices(), kPeopleTogether, [&](std::size_t begin, std::size_t end) {
      std::uint64_t sum = 0;
      for (std::size_t v = begin; v < end; ++v) {  // A graph may know more people, and they ascend.
        const std::size_t customer = index(graph.people[v]);
        const std::uint64_t mask = customer < of_customer.size() ? of_customer[customer] : 0;
        of_vertex_[v] = static_cast<Mask>(mask);
        if (mask == 0) continue;
        sum += static_cast<std::uint64_t>(std::popcount(mask)) *
               graph.listeners.degree(static_cast<Vertex>(v));
      }
      ties[begin / kPeopleTogether] = sum;
    });
    of_vertex_[graph.vertices()] = 0;
    ties_ = std::reduce(ties.begin(), ties.end());
  }

  // Of all lists, the listeners of their people added up.
  [[nodiscard]] std::uint64_t ties() const { return ties_; }

  [[nodiscard]] SpeakerLists lists() const {
    SpeakerLists lists;
    lists.offsets.resize(lists_ + 1);
    for_each_place([&](std::size_t list, Vertex) { ++lists.offsets[list + 1]; });
    std::partial_sum(lists.offsets.begin(), lists.offsets.end(), lists.offsets.begin());
    lists.people.resize(lists.offsets.back());
    std::vector<std::size_t> next(lists.offsets.begin(), lists.offsets.end());
    for_each_place([&](std::size_t list, Vertex v) { lists.people[next[list]++] = graph_.people[v]; });
    return lists;
  }

  // Asks each listener whom he hears.
  [[nodiscard]] std::vector<std::uint64_t> ask(const Stop& stop) const {
    WorkerLocal<BitCounts<Mask>> counts([] { return BitCounts<Mask>(); });
    for_each_block(graph_.vertices(), kPeopleTogether, [&](std::size_t begin, std::size_t end) {
      if (stop.requested()) return;
      BitCounts<Mask>& mine = counts.mine();
      const std::size_t* const offsets = graph_.influencers.offsets.data();
      for (std::size_t v = begin; v < end; ++v) mine.add(heard(offsets[v], offsets[v + 1]));
    });
    std::vector<std::uint64_t> reach(lists_);
    counts.for_each_made([&](BitCounts<Mask>& some) { some.add_to(reach); });
    return reach;
  }

 private:
  // Most listeners hear a few: those are read whether they are there or not, which is sooner than to
  // guess how many there are.
  [[nodiscard]] Mask heard(std::size_t edge, std::size_t end) const {
    constexpr std::size_t kFew = 4;
    const std::vector<Vertex>& neighbors = graph_.influencers.neighbors;
    const Mask* const of_vertex = of_vertex_.get();
    Mask heard = 0;
    if (edge + kFew <= neighbors.size()) {
      const Vertex* const few = neighbors.data() + edge;
      const std::size_t degree = end - edge;
      const auto nobody = static_cast<Vertex>(graph_.vertices());
      for (std::size_t i = 0; i < kFew; ++i) {  // Arithmetic, lest it becomes a branch.
        const Vertex is_there = i < degree ? ~Vertex{0} : 0;
        heard |= of_vertex[nobody ^ ((few[i] ^ nobody) & is_there)];
      }
      edge += kFew;
    }
    for (; edge < end; ++edge) heard |= of_vertex[neighbors[edge]];
    return heard;
  }

  template <typename Body>
  void for_each_place(const Body& body) const {
    for (Vertex v = 0; v < graph_.vertices(); ++v) {
      for (std::uint64_t rest = of_vertex_[v]; rest != 0; rest &= rest - 1) {
        body(static_cast<std::size_t>(std::countr_zero(rest)), v);
      }
    }
  }

  const ListenGraph& graph_;
  std::size_t lists_;
  std::unique_ptr<Mask[]> of_vertex_;
  std::uint64_t ties_ = 0;
};

template <typename Mask>
absl::StatusOr<std::vector<std::uint64_t>> find_reach(const ListenGraph& graph,
                                                      const SpeakerMasks& masks, const Stop& stop) {
  const MaskReach<Mask> of_masks(graph, masks);
  if (of_masks.ties() < graph.edges() / 8) {
    return ReachCounter(graph, masks.of_customer().size()).reach(of_masks.lists(), stop);
  }
  std::vector<std::uint64_t> reach = of_masks.ask(stop);
  if (stop.requested()) return absl::CancelledError("stopped while counting listeners");
  return reach;
}

}  // namespace

absl::StatusOr<std::vector<std::uint64_t>> reach_of_masks(const ListenGraph& graph,
                                                          const SpeakerMasks& masks,
                                                          const Stop& stop) {
  return masks.lists() <= 32 ? find_reach<std::uint32_t>(graph, masks, stop)
                             : find_reach<std::uint64_t>(graph, masks, stop);
}

}  // namespace grapevine
