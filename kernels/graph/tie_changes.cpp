#include "kernels/graph/tie_changes.hpp"

#include <algorithm>
#include <atomic>
#include <bit>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/propagation/chance.hpp"

namespace grapevine {
namespace {

std::uint64_t hash_of(const SocialTie& tie) {
  const auto pair = std::uint64_t{index(tie.influencer)} << 32 | index(tie.listener);
  const auto weight = std::uint64_t{std::bit_cast<std::uint32_t>(tie.weight)};
  return scramble(scramble(scramble(pair) + static_cast<std::uint64_t>(tie.time_ms)) + weight);
}

}  // namespace

std::vector<std::uint64_t> digest_ties(std::span<const std::span<const SocialTie>> ties,
                                       std::size_t customers) {
  std::vector<std::uint64_t> digests(customers);
  for_each(ties.size(), [&](std::size_t chunk) {
    for (std::size_t i = 0; i < ties[chunk].size();) {
      // A chunk mostly has a listener's ties side by side.
      const CustomerId listener = ties[chunk][i].listener;
      std::uint64_t sum = 0;
      for (; i < ties[chunk].size() && ties[chunk][i].listener == listener; ++i) {
        sum += hash_of(ties[chunk][i]);
      }
      std::atomic_ref(digests[index(listener)]).fetch_add(sum, std::memory_order_relaxed);
    }
  });
  return digests;
}

TieChanges find_tie_changes(const ListenGraph& earlier, std::span<const std::uint64_t> before,
                            std::span<const std::uint64_t> now,
                            std::span<const std::span<const SocialTie>> ties) {
  TieChanges changes;
  std::vector<bool> is_due(now.size());
  for (std::size_t c = 0; c < now.size(); ++c) {
    if (now[c] == (c < before.size() ? before[c] : 0)) continue;
    is_due[c] = true;
    // Perhaps they were known for an event alone that went.
    const auto vertex = earlier.vertex_of(CustomerId(static_cast<std::uint32_t>(c)));
    if (!vertex) continue;
    for (const Vertex heard : earlier.influencers.of(*vertex)) {
      is_due[index(earlier.people[heard])] = true;
    }
  }
  for (std::size_t c = 0; c < is_due.size(); ++c) {
    if (is_due[c]) changes.people.push_back(CustomerId(static_cast<std::uint32_t>(c)));
  }
  std::vector<std::size_t> self_events(ties.size());
  std::vector<std::vector<SocialTie>> due(ties.size());
  for_each(ties.size(), [&](std::size_t chunk) {
    for (const SocialTie& tie : ties[chunk]) {
      if (tie.influencer == tie.listener) ++self_events[chunk];
      if (is_due[index(tie.listener)]) due[chunk].push_back(tie);
    }
  });
  for (std::size_t chunk = 0; chunk < ties.size(); ++chunk) {
    changes.events += ties[chunk].size();
    changes.self_events += self_events[chunk];
    changes.ties.insert(changes.ties.end(), due[chunk].begin(), due[chunk].end());
  }
  return changes;
}

}  // namespace grapevine
