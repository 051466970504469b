#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/parallel/stop.hpp"

namespace grapevine {

struct BetweennessOptions {
  double error = 0.001;  ///< In [0, 1). Wanted of every score; 0: exact, whatever it costs.
  double delta = 0.01;   ///< In (0, 1): how likely some score may be further off.
  std::size_t samples_max =
      4'000'000;  ///< In [2, 2^31]; then `error_bound` may stay above `error`.
  /// Exact where one search a person reads no more edges than this, whatever `error` is.
  std::size_t exact_edges_max = 250'000'000;
  std::uint64_t random_seed = 1;
};

/// How much of the word that travels on shortest ways would pass through each person.
struct BetweennessResult {
  /// By vertex: of all ordered pairs of different others and oneself, n (n - 1) in number, the share
  /// whose shortest ways lead through the person; where a pair has several, the share of these.
  std::vector<double> scores;
  double error_bound = 0.0;  ///< With probability 1 - delta, of all scores at once; 0 if exact.
  std::size_t samples = 0;   ///< Pairs drawn; 0 if exact.
  bool exact = false;
};

/// Betweenness centrality over the edges influencer -> listener, each of length 1 whatever its
/// weight; ends of a way are not on it.
///
/// Exact: a search from everyone, with the dependencies of [1]. Sampled: pairs are drawn from those
/// who have listeners and those who listen (any other pair has no way), the shortest ways of a pair
/// are found by a search from both ends [2], and each person on them is given the share of the ways
/// through them [3]. After numbers of samples that are fixed beforehand, a bound follows for each
/// person: Hoeffding's with relative entropy [4] or that of Maurer and Pontil with the variance of
/// the samples [5], whichever is lower. delta is shared between persons, both bounds and all these
/// moments, so the largest holds for all persons at once, whenever the sampling ends.
///
/// Shapes  graph: n people, m edges. Result: n scores in [0, 1]; all 0 if n < 3.
/// Errors  InvalidArgument: an option is outside its range. Cancelled: `stop` was requested.
/// Cost    Exact: O(n (n + m)). Sampled: a search from both ends a sample, O(n + m) at worst and
///         far less in social graphs. Scratch 48 n bytes a thread. The same bits for any number of
///         threads.
/// Source  [1] Brandes, J. Mathematical Sociology 25 (2001) 163-177.
///         [2] Borassi & Natale (KADABRA), ACM J. Experimental Algorithmics 24 (2019) 1.2.
///         [3] Riondato & Upfal (ABRA), ACM Trans. Knowledge Discovery from Data 12 (2018) 61.
///         [4] Hoeffding, J. American Statistical Association 58 (1963) 13-30, theorem 1.
///         [5] Maurer & Pontil, COLT 2009, theorem 4.
absl::StatusOr<BetweennessResult> betweenness(const ListenGraph& graph,
                                              const BetweennessOptions& options, const Stop& stop);

}  // namespace grapevine
