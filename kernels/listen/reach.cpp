#include "kernels/listen/reach.hpp"

#include <algorithm>
#include <bit>
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

}  // namespace grapevine
