#include "kernels/graph/listen_graph.hpp"

#include <algorithm>
#include <atomic>
#include <cfloat>
#include <cmath>
#include <tuple>

#include "kernels/parallel/exclusive_scan.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/group_stably.hpp"
#include "kernels/parallel/sort.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kTiesPerBlock = 16 * 1024;
// Vertices are cut into this many ranges; a range's events are sorted by one task, inside its
// cache.
constexpr std::size_t kRanges = 256;
constexpr std::size_t kSortAloneBelow = 128 * 1024;

// An event between two vertices. `pair` holds the listener above the influencer, so that sorting by
// it groups by listener first.
struct PairEvent {
  std::uint64_t pair = 0;
  std::int64_t time_ms = 0;
  float weight = 0.0F;

  [[nodiscard]] Vertex listener() const { return static_cast<Vertex>(pair >> 32); }
  [[nodiscard]] Vertex influencer() const { return static_cast<Vertex>(pair); }
};

// Every chunk of the input in pieces of bounded length, so that one loop can share them out.
std::vector<std::span<const SocialTie>> blocks_of_ties(
    std::span<const std::span<const SocialTie>> chunks) {
  std::vector<std::span<const SocialTie>> blocks;
  for (const std::span<const SocialTie> chunk : chunks) {
    for (std::size_t begin = 0; begin < chunk.size(); begin += kTiesPerBlock) {
      blocks.push_back(chunk.subspan(begin, std::min(kTiesPerBlock, chunk.size() - begin)));
    }
  }
  return blocks;
}

struct Survey {
  std::size_t customers = 0;  // One more than the largest CustomerId.
  std::size_t self_events = 0;
  bool weights_valid = true;
};

Survey survey(std::span<const std::span<const SocialTie>> blocks) {
  std::vector<Survey> of_block(blocks.size());
  for_each(blocks.size(), [&](std::size_t block) {
    Survey found;
    for (const SocialTie& tie : blocks[block]) {
      found.customers = std::max({found.customers, index(tie.influencer) + std::size_t{1},
                                  index(tie.listener) + std::size_t{1}});
      found.self_events += tie.influencer == tie.listener ? 1 : 0;
      found.weights_valid = found.weights_valid && std::isfinite(tie.weight) && tie.weight > 0.0F;
    }
    of_block[block] = found;
  });
  Survey all;
  for (const Survey& found : of_block) {
    all.customers = std::max(all.customers, found.customers);
    all.self_events += found.self_events;
    all.weights_valid = all.weights_valid && found.weights_valid;
  }
  return all;
}

// The vertex that each customer would have: how many smaller ones are in a social event. The
// customer is one themselves where the next number is larger.
std::vector<Vertex> number_people(std::span<const std::span<const SocialTie>> blocks,
                                  std::size_t customers) {
  std::vector<Vertex> number(customers + 1);
  for_each(blocks.size(), [&](std::size_t block) {
    for (const SocialTie& tie : blocks[block]) {
      // Blocks share customers; all write the same 1. A relaxed store costs what an ordinary one
      // does.
      std::atomic_ref(number[index(tie.influencer)]).store(1, std::memory_order_relaxed);
      std::atomic_ref(number[index(tie.listener)]).store(1, std::memory_order_relaxed);
    }
  });
  exclusive_scan(std::span(number));
  return number;
}

std::vector<CustomerId> list_people(std::span<const Vertex> number) {
  std::vector<CustomerId> people(number.back());
  for_each_block(number.size() - 1, 64 * 1024, [&](std::size_t begin, std::size_t end) {
    for (std::size_t customer = begin; customer != end; ++customer) {
      if (number[customer] != number[customer + 1]) {
        people[number[customer]] = CustomerId(static_cast<std::uint32_t>(customer));
      }
    }
  });
  return people;
}

struct SortedEvents {
  std::vector<PairEvent> events;    // By listener, influencer, time, weight.
  std::vector<std::size_t> ranges;  // Where each range of listeners begins, and the end.
  Vertex range_size = 1;            // Vertices a range.
};

SortedEvents sort_events(std::span<const std::span<const SocialTie>> blocks,
                         std::span<const Vertex> number) {
  std::vector<std::size_t> first_of_block(blocks.size());
  for_each(blocks.size(), [&](std::size_t block) {
    first_of_block[block] = static_cast<std::size_t>(std::ranges::count_if(
        blocks[block], [](const SocialTie& tie) { return tie.influencer != tie.listener; }));
  });
  const std::size_t count = exclusive_scan(std::span(first_of_block));
  std::vector<PairEvent> unsorted(count);
  for_each(blocks.size(), [&](std::size_t block) {
    std::size_t next = first_of_block[block];
    for (const SocialTie& tie : blocks[block]) {
      if (tie.influencer == tie.listener) continue;
      const std::uint64_t listener = number[index(tie.listener)];
      unsorted[next++] = {listener << 32 | number[index(tie.influencer)], tie.time_ms, tie.weight};
    }
  });

  SortedEvents sorted;
  sorted.range_size = static_cast<Vertex>(number.back() / kRanges + 1);
  sorted.events.resize(count);
  sorted.ranges = group_stably(
      count, kRanges, [&](std::size_t i) { return unsorted[i].listener() / sorted.range_size; },
      [&](std::size_t i, std::size_t position) { sorted.events[position] = unsorted[i]; });
  const auto earlier = [](const PairEvent& a, const PairEvent& b) {
    return std::tie(a.pair, a.time_ms, a.weight) < std::tie(b.pair, b.time_ms, b.weight);
  };
  for_each(kRanges, [&](std::size_t range) {
    const std::span events(sorted.events.data() + sorted.ranges[range],
                           sorted.ranges[range + 1] - sorted.ranges[range]);
    if (events.size() < kSortAloneBelow) {
      std::ranges::sort(events, earlier);
    } else {
      parallel_sort(events, earlier);
    }
  });
  return sorted;
}

// time / half_life as a whole number and a fraction: exact, however far from 1970.
struct HalfLives {
  std::int64_t whole = 0;
  double fraction = 0.0;
};

HalfLives half_lives(std::int64_t time_ms, std::int64_t half_life_ms) {
  HalfLives age{time_ms / half_life_ms, 0.0};
  std::int64_t rest = time_ms % half_life_ms;
  if (rest < 0) {
    rest += half_life_ms;
    --age.whole;
  }
  age.fraction = static_cast<double>(rest) / static_cast<double>(half_life_ms);
  return age;
}

// Writes the influencers of one listener, with their shares of the attention; returns how many.
std::size_t share_attention(std::span<const PairEvent> events, std::int64_t half_life_ms,
                            Vertex* influencers, float* weights, std::vector<double>& earned) {
  std::int64_t newest_ms = events.front().time_ms;
  for (const PairEvent& event : events) newest_ms = std::max(newest_ms, event.time_ms);
  const std::int64_t newest = half_lives(newest_ms, half_life_ms).whole;

  earned.clear();
  double total = 0.0;
  for (std::size_t i = 0; i != events.size();) {
    double sum = 0.0;
    const std::uint64_t pair = events[i].pair;
    influencers[earned.size()] = events[i].influencer();
    for (; i != events.size() && events[i].pair == pair; ++i) {
      const HalfLives age = half_lives(events[i].time_ms, half_life_ms);
      // Unsigned, because times at both ends of int64 are further apart than int64 holds.
      const std::uint64_t behind =
          static_cast<std::uint64_t>(newest) - static_cast<std::uint64_t>(age.whole);
      if (behind > 2000) continue;  // Below the smallest double, whatever the weight.
      sum += std::ldexp(static_cast<double>(events[i].weight) * std::exp2(age.fraction),
                        -static_cast<int>(behind));
    }
    earned.push_back(sum);
    total += sum;
  }
  for (std::size_t i = 0; i != earned.size(); ++i) {
    weights[i] = std::max(static_cast<float>(earned[i] / total), FLT_MIN);
  }
  return earned.size();
}

std::size_t count_pairs(std::span<const PairEvent> events) {
  std::size_t pairs = 0;
  for (std::size_t i = 0; i != events.size(); ++i) {
    pairs += i == 0 || events[i].pair != events[i - 1].pair ? 1 : 0;
  }
  return pairs;
}

Adjacency merge_events(const SortedEvents& sorted, std::size_t vertices,
                       std::int64_t half_life_ms) {
  const auto events_of = [&](std::size_t range) {
    return std::span(sorted.events.data() + sorted.ranges[range],
                     sorted.ranges[range + 1] - sorted.ranges[range]);
  };
  std::vector<std::size_t> first_edge(kRanges);
  for_each(kRanges, [&](std::size_t range) { first_edge[range] = count_pairs(events_of(range)); });
  const std::size_t edges = exclusive_scan(std::span(first_edge));

  Adjacency influencers;
  influencers.offsets.resize(vertices + 1);
  influencers.neighbors.resize(edges);
  influencers.weights.resize(edges);
  influencers.offsets[vertices] = edges;
  for_each(kRanges, [&](std::size_t range) {
    const std::span<const PairEvent> events = events_of(range);
    const std::size_t vertex_end = std::min<std::size_t>((range + 1) * sorted.range_size, vertices);
    std::size_t edge = first_edge[range];
    std::size_t i = 0;
    std::vector<double> earned;
    for (std::size_t v = range * sorted.range_size; v < vertex_end; ++v) {
      influencers.offsets[v] = edge;
      const std::size_t begin = i;
      while (i != events.size() && events[i].listener() == v) ++i;
      if (i == begin) continue;
      edge += share_attention(events.subspan(begin, i - begin), half_life_ms,
                              &influencers.neighbors[edge], &influencers.weights[edge], earned);
    }
  });
  return influencers;
}

// The same edges seen from their other end.
Adjacency transpose(const Adjacency& edges) {
  std::vector<Vertex> owner(edges.neighbors.size());
  for_each_block(edges.offsets.size() - 1, 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t v = begin; v != end; ++v) {
      std::fill(owner.data() + edges.offsets[v], owner.data() + edges.offsets[v + 1],
                static_cast<Vertex>(v));
    }
  });
  Adjacency turned;
  turned.neighbors.resize(owner.size());
  turned.weights.resize(owner.size());
  turned.offsets = group_stably(
      owner.size(), edges.offsets.size() - 1, [&](std::size_t i) { return edges.neighbors[i]; },
      [&](std::size_t i, std::size_t position) {
        turned.neighbors[position] = owner[i];
        turned.weights[position] = edges.weights[i];
      });
  return turned;
}

}  // namespace

std::optional<Vertex> ListenGraph::vertex_of(CustomerId customer) const {
  const auto found = std::ranges::lower_bound(people, customer);
  if (found == people.end() || *found != customer) return std::nullopt;
  return static_cast<Vertex>(found - people.begin());
}

absl::StatusOr<ListenGraph> build_listen_graph(std::span<const std::span<const SocialTie>> ties,
                                               const ListenGraphOptions& options,
                                               const Stop& stop) {
  if (options.half_life_ms < 1) return absl::InvalidArgumentError("half_life_ms is below 1");
  const std::vector<std::span<const SocialTie>> blocks = blocks_of_ties(ties);
  const Survey found = survey(blocks);
  if (!found.weights_valid) {
    return absl::InvalidArgumentError("the weight of a social event is not above 0");
  }
  ListenGraph graph;
  for (const std::span<const SocialTie> block : blocks) graph.events += block.size();
  graph.self_events = found.self_events;
  if (stop.requested()) return absl::CancelledError();

  SortedEvents sorted;
  {
    const std::vector<Vertex> number = number_people(blocks, found.customers);
    graph.people = list_people(number);
    sorted = sort_events(blocks, number);
  }
  if (stop.requested()) return absl::CancelledError();
  graph.influencers = merge_events(sorted, graph.vertices(), options.half_life_ms);
  sorted = {};
  if (stop.requested()) return absl::CancelledError();
  graph.listeners = transpose(graph.influencers);
  return graph;
}

}  // namespace grapevine
