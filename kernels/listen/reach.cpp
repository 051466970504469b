#include "kernels/listen/reach.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <span>

#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

// Counts different people of the graph, list by list.
class Heard {
 public:
  explicit Heard(std::size_t vertices) : seen_in_(vertices) {}

  void begin_list() {
    if (++list_ != 0) return;
    std::ranges::fill(seen_in_, 0);
    list_ = 1;
  }
  // How many of them are new to the list.
  std::uint64_t add(std::span<const Vertex> listeners) {
    std::uint8_t* const seen_in = seen_in_.data();
    const std::uint8_t list = list_;
    std::uint64_t count = 0;
    for (const Vertex listener : listeners) {
      count += seen_in[listener] != list ? 1 : 0;
      seen_in[listener] = list;
    }
    return count;
  }

 private:
  std::vector<std::uint8_t> seen_in_;  // By vertex: the last list, as a number up to 255.
  std::uint8_t list_ = 0;
};

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

// Counts in how many masks each bit is.
class BitCounts {
 public:
  void add(std::uint64_t mask) {
    masks_[size_++] = mask;
    if (size_ == masks_.size()) add_up();
  }
  // Precondition: nothing comes behind it.
  void add_to(std::span<std::uint64_t> counts) {
    std::fill(masks_.begin() + static_cast<std::ptrdiff_t>(size_), masks_.end(), 0);
    add_up();
    for (std::size_t bit = 0; bit < counts.size(); ++bit) counts[bit] += counts_[bit];
  }

 private:
  void add_up() {
    transpose(masks_);
    for (std::size_t bit = 0; bit < counts_.size(); ++bit) {
      counts_[bit] += static_cast<std::uint64_t>(std::popcount(masks_[bit]));
    }
    size_ = 0;
  }

  std::array<std::uint64_t, 64> masks_{};
  std::array<std::uint64_t, 64> counts_{};
  std::size_t size_ = 0;
};

SpeakerLists lists_of(const SpeakerMasks& masks) {
  SpeakerLists lists{{0}, {}};
  for (std::size_t list = 0; list < masks.lists; ++list) {
    for (std::uint32_t customer = 0; customer < masks.of_customer.size(); ++customer) {
      if ((masks.of_customer[customer] >> list & 1) == 0) continue;
      lists.people.push_back(CustomerId(customer));
    }
    lists.offsets.push_back(lists.people.size());
  }
  return lists;
}

}  // namespace

// A graph may be newer than who asks, and know more people; they ascend.
ReachCounter::ReachCounter(const ListenGraph& graph, std::size_t customers) : graph_(&graph) {
  if (!graph.people.empty()) {
    customers = std::max<std::size_t>(customers, index(graph.people.back()) + 1);
  }
  is_in_.resize((customers + 63) / 64);
  before_.resize(is_in_.size());
  for (const CustomerId person : graph.people) {
    is_in_[index(person) / 64] |= std::uint64_t{1} << (index(person) % 64);
  }
  std::uint32_t sum = 0;
  for (std::size_t w = 0; w < is_in_.size(); ++w) {
    before_[w] = sum;
    sum += static_cast<std::uint32_t>(std::popcount(is_in_[w]));
  }
}

Vertex ReachCounter::vertex_of(CustomerId customer) const {
  const std::uint64_t word = is_in_[index(customer) / 64];
  const std::uint64_t bit = std::uint64_t{1} << (index(customer) % 64);
  if ((word & bit) == 0) return static_cast<Vertex>(graph_->vertices());
  return before_[index(customer) / 64] + static_cast<Vertex>(std::popcount(word & (bit - 1)));
}

std::uint64_t ReachCounter::ties(const SpeakerLists& lists) const {
  constexpr std::size_t kTogether = std::size_t{1} << 14;
  std::vector<std::uint64_t> of_block(blocks_of(lists.people.size(), kTogether));
  for_each_block(lists.people.size(), kTogether, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const Vertex v = vertex_of(lists.people[i]);
      if (v < graph_->vertices()) of_block[begin / kTogether] += graph_->listeners.degree(v);
    }
  });
  std::uint64_t sum = 0;
  for (const std::uint64_t ties : of_block) sum += ties;
  return sum;
}

absl::StatusOr<std::vector<std::uint64_t>> ReachCounter::reach(const SpeakerLists& lists,
                                                               const Stop& stop) const {
  constexpr std::size_t kListsTogether = 16;
  std::vector<std::uint64_t> reach(lists.count());
  WorkerLocal<Heard> heard([this] { return Heard(graph_->vertices()); });
  for_each_block(lists.count(), kListsTogether, [&](std::size_t first, std::size_t last) {
    if (stop.requested()) return;
    Heard& mine = heard.mine();
    for (std::size_t list = first; list < last; ++list) {
      mine.begin_list();
      for (const CustomerId speaker : lists.of(list)) {
        const Vertex v = vertex_of(speaker);
        if (v < graph_->vertices()) reach[list] += mine.add(graph_->listeners.of(v));
      }
    }
  });
  if (stop.requested()) return absl::CancelledError("stopped while counting listeners");
  return reach;
}

absl::StatusOr<std::vector<std::uint64_t>> ReachCounter::reach(const SpeakerMasks& masks,
                                                               const Stop& stop) const {
  constexpr std::size_t kTogether = std::size_t{1} << 14;
  constexpr std::size_t kAhead = 16;  // Masks lie anywhere: they are asked for so much earlier.
  const std::size_t vertices = graph_->vertices();
  std::vector<std::uint64_t> of_vertex(vertices);
  std::vector<std::uint64_t> ties(blocks_of(vertices, kTogether));
  for_each_block(vertices, kTogether, [&](std::size_t begin, std::size_t end) {
    for (std::size_t v = begin; v < end; ++v) {
      const std::size_t customer = index(graph_->people[v]);
      if (customer >= masks.of_customer.size()) break;
      of_vertex[v] = masks.of_customer[customer];
      const auto degree = graph_->listeners.degree(static_cast<Vertex>(v));
      ties[begin / kTogether] += static_cast<std::uint64_t>(std::popcount(of_vertex[v])) * degree;
    }
  });
  if (std::reduce(ties.begin(), ties.end()) < graph_->edges() / 8) {
    return reach(lists_of(masks), stop);
  }
  const Adjacency& influencers = graph_->influencers;
  WorkerLocal<BitCounts> counts([] { return BitCounts(); });
  for_each_block(vertices, kTogether, [&](std::size_t begin, std::size_t end) {
    if (stop.requested()) return;
    BitCounts& mine = counts.mine();
    std::size_t edge = influencers.offsets[begin];
    for (std::size_t listener = begin; listener < end; ++listener) {
      std::uint64_t heard = 0;
      for (; edge < influencers.offsets[listener + 1]; ++edge) {
        if (edge + kAhead < influencers.neighbors.size()) {
          __builtin_prefetch(&of_vertex[influencers.neighbors[edge + kAhead]]);
        }
        heard |= of_vertex[influencers.neighbors[edge]];
      }
      mine.add(heard);
    }
  });
  if (stop.requested()) return absl::CancelledError("stopped while counting listeners");
  std::vector<std::uint64_t> reach(masks.lists);
  counts.for_each_made([&](BitCounts& some) { some.add_to(reach); });
  return reach;
}

}  // namespace grapevine
