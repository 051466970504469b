#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/propagation/reverse_sets.hpp"

namespace grapevine {

/// Which sets hold a person.
struct SetsOfPerson {
  std::vector<std::size_t> offsets;  ///< n + 1: those of v are sets[offsets[v] .. offsets[v + 1]).
  std::vector<std::uint32_t> sets;

  [[nodiscard]] std::span<const std::uint32_t> of(Vertex v) const {
    return {sets.data() + offsets[v], offsets[v + 1] - offsets[v]};
  }
  /// How many, by person.
  [[nodiscard]] std::vector<std::uint32_t> counts() const;
};

/// Shapes  vertices: more than every member.
/// Cost    O(members + n); the same for any number of threads.
SetsOfPerson invert(const ReverseSets& sets, std::size_t vertices);

/// Where greedy covers look for a bound on the best cover: after each of the first choices, then
/// after ever more, so that bounds cost no more than choices. Any prefix gives a bound that holds.
constexpr std::size_t next_bound_after(std::size_t choices) { return choices + 1 + choices / 64; }

}  // namespace grapevine
