#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/parallel/stop.hpp"

namespace grapevine {

struct CommunitiesOptions {
  double resolution = 1.0;  ///< Above 0: more make more and smaller communities.
  /// At least 0. Of the choice among merges that all help, in mean edge weights; 0: the best one.
  double randomness = 0.2;
  std::size_t iterations = 0;  ///< At most so many; 0: until one improves little.
  /// At least 0. Modularity that an iteration has to gain for another to follow.
  double improvement_min = 1e-5;
  /// From the start, of which the best counts; 0: 8 where there are few ties (2^17), else 1.
  std::size_t attempts = 0;
  std::uint64_t random_seed = 1;
};

/// Who belongs together. Communities are numbered by size, the largest is 0; of equal ones the one
/// with the smallest vertex comes first.
struct Communities {
  std::vector<std::uint32_t> of;     ///< By vertex: its community.
  std::vector<std::uint32_t> sizes;  ///< By community, falling; they sum to the number of vertices.
  double modularity = 0.0;           ///< Of `of`, as `modularity` below.
  std::size_t iterations = 0;        ///< Done, in all attempts.

  [[nodiscard]] std::size_t count() const { return sizes.size(); }
};

/// Groups people such that much more of their attention stays within groups than chance would have
/// it: Leiden's algorithm for modularity, on the undirected graph in which the weight of an edge is
/// the sum of both directions' weights.
///
/// Shapes   graph: n people. Result: n community numbers. Who is tied to nobody is alone in one.
/// Promise  Every community is connected, and merging any two of them would not raise modularity.
/// Errors   InvalidArgument: an option is outside its range. Cancelled: `stop` was requested.
/// Cost     Some passes over the edges an iteration; scratch some 100 n + 48 m bytes an attempt, of
///          which threads make one each. The same bits for any number of threads: nodes of an
///          attempt move one after the other, in an order drawn from `random_seed`.
/// Source   Traag, Waltman & van Eck, Scientific Reports 9 (2019) 5233.
absl::StatusOr<Communities> find_communities(const ListenGraph& graph,
                                             const CommunitiesOptions& options, const Stop& stop);

/// The modularity of any grouping: the sum over groups of W / M - resolution (S / 2M)^2, where W is
/// the weight of edges inside, S the sum of its people's strengths and M the weight of all edges
/// (Newman & Girvan, Physical Review E 69 (2004) 026113). 0 where there are no edges.
///
/// Shapes  of: n group numbers below n.
/// Cost    O(n + m), sums in one order.
double modularity(const ListenGraph& graph, std::span<const std::uint32_t> of, double resolution);

}  // namespace grapevine
