#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/propagation/reverse_sets.hpp"

namespace grapevine {

/// People whose sets are many, chosen one after another, with a bound on the best choice.
struct MaxCover {
  std::vector<Vertex> chosen;       ///< At most k: fewer if they are in all sets that anyone is in.
  std::size_t covered = 0;          ///< Sets that hold one of the chosen.
  std::size_t optimum_at_most = 0;  ///< No k people are in more sets than this.
};

/// Chooses k people such that many sets hold one of them: each time whoever is in most of the sets
/// not covered yet, of equals the one in most sets at all, then the smallest vertex.
///
/// Shapes  vertices: more than every member. Bound   The smallest over prefixes of the choice of
///         covered sets + the k largest gains after it; the choice covers at least (1 - 1/e) of it.
///         Of long choices not every prefix is looked at.
/// Cost    O(members + n + log k x people whose gain may still count, or k x where k is small); one
///         thread but for the inverted index.
/// Source  Nemhauser, Wolsey & Fisher, Mathematical Programming 14 (1978) 265-294 (greedy); Tang,
///         Tang, Xiao & Yuan (OPIM), SIGMOD 2018, 991-1005, section 5 (the bound).
MaxCover max_cover(const ReverseSets& sets, std::size_t vertices, std::size_t k);

/// How many sets hold a person of the list but none of those before them in it: by place in the
/// list.
/// Cost    O(members + n); the same bits for any number of threads.
std::vector<std::size_t> count_covered(const ReverseSets& sets, std::size_t vertices,
                                       std::span<const Vertex> people);

}  // namespace grapevine
