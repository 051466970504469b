#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include <tbb/global_control.h>

#include "kernels/graph/listen_graph.hpp"

namespace grapevine {

inline ListenGraph graph_of(std::span<const SocialTie> ties,
                            const ListenGraphOptions& options = {}) {
  return build_listen_graph(std::span(&ties, 1), options, Stop()).value();
}

inline ListenGraph graph_of(std::initializer_list<SocialTie> ties) {
  return graph_of(std::span(ties.begin(), ties.size()));
}

/// `events` events among `people` customers with ids 3, 10, 17, ...: a few of them popular, some
/// directed at oneself, with verbs and times that differ.
inline std::vector<SocialTie> random_ties(std::size_t people, std::size_t events,
                                          std::uint64_t seed) {
  std::mt19937_64 draw(seed);
  std::vector<SocialTie> ties;
  for (std::size_t i = 0; people > 0 && i != events; ++i) {
    const std::uint64_t popular = draw() % people;
    SocialTie tie;
    tie.influencer = CustomerId(static_cast<std::uint32_t>(7 * (draw() % (popular + 1)) + 3));
    tie.listener = CustomerId(static_cast<std::uint32_t>(7 * (draw() % people) + 3));
    tie.time_ms = 1'700'000'000'000 + static_cast<std::int64_t>(draw() % 40'000'000'000);
    tie.weight = std::vector{1.0F, 0.5F, 0.3F}[draw() % 3];
    ties.push_back(tie);
  }
  return ties;
}

inline ListenGraph random_listen_graph(std::size_t people, std::size_t events, std::uint64_t seed) {
  return graph_of(random_ties(people, events, seed));
}

/// What `answer()` is when no more than `threads` threads may work on it.
template <typename Answer>
auto with_threads(std::size_t threads, const Answer& answer) {
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
  return answer();
}

}  // namespace grapevine
